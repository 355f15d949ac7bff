package org.martlet.common.kv;

/// An open database.
///
/// - Errors: [KeyValueFault]; after close, [IllegalStateException] from every call.
/// - Threads: any platform thread, several at once; blocks on the device.
public interface KeyValueStore extends KeyValueReader, AutoCloseable {

  /// An empty batch for this database.
  KeyValueBatch newBatch();

  /// Applies a batch: all of it or nothing, for readers and after a crash. The batch is not
  /// changed.
  ///
  /// Durability: as the mode says.
  void write(KeyValueBatch batch, WriteMode mode) throws KeyValueFault;

  /// Returns once all logged writes so far are on stable storage.
  void sync() throws KeyValueFault;

  /// Returns once all writes so far, of all families and modes, are on stable storage.
  ///
  /// Durability: all families move to the new state at once; a crash in the middle leaves the state
  /// of an earlier flush (some state between two writes: a prefix of the writes in the order that
  /// they were applied).
  void flush() throws KeyValueFault;

  /// All families as they are now. To be closed.
  KeyValueSnapshot snapshot() throws KeyValueFault;

  /// About how many bytes a range takes on disk and in memory.
  long approximateBytes(KeyValueFamily family, KeyRange range) throws KeyValueFault;

  /// A figure of the whole database, for metrics: an estimate.
  long figure(KeyValueFigure figure) throws KeyValueFault;

  /// Rewrites a range so that what was deleted gives its space back. Takes long.
  void compact(KeyValueFamily family, KeyRange range) throws KeyValueFault;

  /// Closes the database, and every cursor and snapshot that is still open, once the calls under
  /// way have returned. It flushes nothing: writes with [WriteMode#NO_LOG] since the last [#flush]
  /// are lost. A second close does nothing.
  @Override
  void close();
}
