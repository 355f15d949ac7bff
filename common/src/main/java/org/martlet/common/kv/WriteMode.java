package org.martlet.common.kv;

/// What a write promises when it returns.
public enum WriteMode {
  /// Only in memory: durable after the next [KeyValueStore#flush]. For what can be replayed from
  /// another log.
  NO_LOG,
  /// In the log, not synced: survives the end of the process, not a power loss; writes are lost
  /// from the end only.
  LOGGED,
  /// In the log and synced (together with whoever else waits): durable, and so is every logged
  /// write before it.
  SYNCED;

  void requireAllowedBy(LogUse log) {
    if (this == NO_LOG && log == LogUse.ALWAYS) {
      throw new IllegalArgumentException("this database logs every write");
    }
  }
}
