/// The index of a device: for each object its clocks and where its record and body lie; beside it
/// what follows from that (digests, counts, due marks, live bytes), always changed in one batch.
///
/// Holds nothing that the log does not say, except cleared marks: it can be thrown away and
/// rebuilt. Invariant: everything it tells is a function of the log up to its own stated
/// position.
@NullMarked
package org.martlet.objectserver.index;

import org.jspecify.annotations.NullMarked;
