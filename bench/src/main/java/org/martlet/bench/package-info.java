/// JMH benchmarks of what every request costs: the way from a name to devices, and the engine's
/// small puts and gets. [Benchmarks] runs them; the test command only compiles them. Loads with a
/// `main` of their own measure one device, and the ring builder.
///
/// Measures, never asserts: a slow machine fails no build. Invariant: each benchmark states what
/// one operation is.
@NullMarked
package org.martlet.bench;

import org.jspecify.annotations.NullMarked;
