/// The commands `martlet ring-builder` and `martlet get-nodes`, in the argument grammar of
/// Swift's tools.
///
/// Parses, asks the builder, prints. Errors are one line on standard error. Exit codes: 0 done,
/// 1 done or refused with a warning, 2 error. Nothing about placement is decided here.
@NullMarked
package org.martlet.ringbuilder.cli;

import org.jspecify.annotations.NullMarked;
