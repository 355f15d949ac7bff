package org.martlet.common.kv;

/// Walks a range of one family in either direction, on one consistent state.
///
/// Every move says whether the cursor stands on an entry then; once it does not, only `first`,
/// `last` and the seeks bring it back.
///
/// - Errors: `key` and `value` without an entry are an [IllegalStateException], and so is any use
///   after close.
/// - Threads: one at a time.
public interface KeyValueCursor extends AutoCloseable {
  /// To the first entry of the range.
  boolean first() throws KeyValueFault;

  /// To the last entry of the range.
  boolean last() throws KeyValueFault;

  /// To the first entry at or after the key.
  boolean seek(byte[] key) throws KeyValueFault;

  /// To the last entry at or before the key.
  boolean seekBack(byte[] key) throws KeyValueFault;

  /// To the next entry; it must stand on one.
  boolean next() throws KeyValueFault;

  /// To the entry before; it must stand on one.
  boolean previous() throws KeyValueFault;

  /// Whether it stands on an entry.
  boolean isValid();

  /// A copy of the key.
  byte[] key();

  /// A copy of the value.
  byte[] value();

  /// Copies as much of the value as there is room for.
  ///
  /// @return the length of the value
  int value(byte[] into);

  @Override
  void close();
}
