/// Keeps a ring builder in a file between commands: locked while one works on it, replaced
/// whole, with dated copies in `backups/` of what rings were written from.
///
/// The content is [org.martlet.ringbuilder.builder.BuilderFormat]'s. Invariant: a crash at any
/// moment leaves a builder file that is either the old or the new one.
@NullMarked
package org.martlet.ringbuilder.file;

import org.jspecify.annotations.NullMarked;
