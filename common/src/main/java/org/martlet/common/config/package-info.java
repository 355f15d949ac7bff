/// Configuration: a TOML file becomes typed records, or one report of everything that is wrong with
/// it.
///
/// A component owns its record and a function from [org.martlet.common.config.ConfigTable] to it,
/// in which each key and its default stand once. Reading notes every key that was asked for: the
/// others in the file are unknown, and a test holds the commented samples in `etc/` equal to the
/// defaults.
///
/// - No reflection, no environment variables, no global settings.
/// - Invariant: a [org.martlet.common.config.Secret] is never printed.
@NullMarked
package org.martlet.common.config;

import org.jspecify.annotations.NullMarked;
