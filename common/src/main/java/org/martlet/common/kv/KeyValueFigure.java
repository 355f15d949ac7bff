package org.martlet.common.kv;

/// Figures that a database can tell of itself.
public enum KeyValueFigure {
  /// Keys, roughly.
  KEYS,
  /// Bytes of table files that are in use.
  TABLE_BYTES,
  /// Bytes of writes that are not in tables yet.
  BUFFERED_BYTES,
  /// Bytes that compaction is behind by.
  COMPACTION_DEBT_BYTES
}
