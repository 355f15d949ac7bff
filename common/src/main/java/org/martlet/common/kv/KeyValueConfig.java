package org.martlet.common.kv;

import org.martlet.common.model.ByteSize;

/// The memory and the threads that all databases of one JVM share.
///
/// @param cache blocks, indexes and filters of table files; the write buffers count here too
/// @param writeBuffers writes that are not in tables yet; past it the database that writes flushes.
///     Part of the cache, so less than it
/// @param backgroundThreads flushes and compactions at once, over all databases
/// @param maxOpenFiles table files that one database keeps open
public record KeyValueConfig(
    ByteSize cache, ByteSize writeBuffers, int backgroundThreads, int maxOpenFiles) {
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
    if (backgroundThreads < 1 || backgroundThreads > 64) {
      throw new IllegalArgumentException("1 to 64 background threads, not " + backgroundThreads);
    }
    if (maxOpenFiles < 32) {
      throw new IllegalArgumentException("at least 32 open files, not " + maxOpenFiles);
    }
  }
}
