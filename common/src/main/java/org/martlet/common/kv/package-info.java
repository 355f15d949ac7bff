/// Ordered key-value databases: RocksDB behind a small interface, and the only place that knows
/// RocksDB.
///
/// A database is opened through a [org.martlet.common.kv.KeyValueOpener]: the
/// [org.martlet.common.kv.KeyValueEngine] that all databases of a JVM share (one block cache, one
/// write-buffer budget, threads for all), or the in-memory twin in the test jar, which models what
/// a crash loses.
///
/// - It knows bytes, not records; keys sort as unsigned bytes.
/// - Blocks, and calls native code: platform threads only, never a virtual thread or an event loop.
/// - Invariant: native memory is never touched after close. A late caller gets an
///   [IllegalStateException].
@NullMarked
package org.martlet.common.kv;

import org.jspecify.annotations.NullMarked;
