/// Values that every server agrees on: names, hashes, partitions, devices, timestamps, digests.
///
/// Records over the JDK only: no I/O, no clock, no library. Whatever is written to disk or sent
/// between servers in terms of these types has its exact form defined here.
@NullMarked
package org.martlet.common.model;

import org.jspecify.annotations.NullMarked;
