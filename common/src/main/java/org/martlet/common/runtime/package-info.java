/// What a running server is made of: its threads, its order of starting and stopping, its clock's
/// timestamps, its metrics, and the check that stops it when its own rules are broken.
///
/// - Everything is made in `main` and handed on through constructors; nothing here is global.
/// - Invariant: what waits is bounded and counted; a thread that touches files is never
///   interrupted.
@NullMarked
package org.martlet.common.runtime;

import org.jspecify.annotations.NullMarked;
