package org.martlet.common.kv;

/// Whether all writes of a database go to its log.
public enum LogUse {
  /// Some do, some do not.
  MIXED,
  /// All do; [WriteMode#NO_LOG] is refused. The log's files are used again, so that a synced write
  /// changes no allocation in the file system.
  ALWAYS
}
