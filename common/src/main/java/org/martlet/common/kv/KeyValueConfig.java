package org.martlet.common.kv;

import org.martlet.common.model.ByteSize;

/// The memory that all databases of one JVM share, and what each may use of the machine.
///
/// @param cache blocks, indexes and filters of table files; the write buffers count here too
/// @param writeBuffers writes that are not in tables yet; past it the database that writes flushes.
///     Part of the cache, so less than it
/// @param jobsPerDatabase flushes and compactions at once, per database: at least one of each
/// @param maxOpenFiles table files that one database keeps open
public record KeyValueConfig(
    ByteSize cache, ByteSize writeBuffers, int jobsPerDatabase, int maxOpenFiles) {
  public static final KeyValueConfig DEFAULT =
      new KeyValueConfig(ByteSize.ofMiB(256), ByteSize.ofMiB(96), 2, 256);

  public KeyValueConfig {
    if (writeBuffers.bytes() < 1 << 20) {
      throw new IllegalArgumentException("write buffers of less than 1 MiB: " + writeBuffers);
    }
    if (writeBuffers.compareTo(cache) >= 0) {
      throw new IllegalArgumentException(
          "the write buffers ("
              + writeBuffers
              + ") must be smaller than the cache ("
              + cache
              + ")");
    }
    if (jobsPerDatabase < 2 || jobsPerDatabase > 64) {
      throw new IllegalArgumentException("2 to 64 jobs per database, not " + jobsPerDatabase);
    }
    if (maxOpenFiles < 32) {
      throw new IllegalArgumentException("at least 32 open files, not " + maxOpenFiles);
    }
  }
}
