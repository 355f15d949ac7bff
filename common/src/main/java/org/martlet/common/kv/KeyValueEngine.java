package org.martlet.common.kv;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.rocksdb.Cache;
import org.rocksdb.Env;
import org.rocksdb.LRUCache;
import org.rocksdb.Priority;
import org.rocksdb.RocksDB;
import org.rocksdb.WriteBufferManager;

/// Opens RocksDB databases that share one block cache, one budget of write buffers and one set of
/// background threads.
///
/// - Make one per JVM, close it last: it closes the databases that are still open.
/// - The write buffers never stall a writer over the budget: one device that hangs in a flush would
///   stop the others. Each database is bounded by its own number of buffers instead.
/// - Native library: see [#loadLibrary].
/// - Threads: any platform thread.
public final class KeyValueEngine implements KeyValueOpener, AutoCloseable {
  private static final double HIGH_PRIORITY_SHARE = 0.5; // of the cache, for indexes and filters

  private final KeyValueConfig config;
  private final Cache cache;
  private final WriteBufferManager writeBuffers;
  private final Set<RocksStore> open = ConcurrentHashMap.newKeySet();

  public KeyValueEngine(KeyValueConfig config) {
    loadLibrary();
    this.config = config;
    this.cache = new LRUCache(config.cache().bytes(), -1, false, HIGH_PRIORITY_SHARE);
    this.writeBuffers = new WriteBufferManager(config.writeBuffers().bytes(), cache, false);
    Env.getDefault()
        .setBackgroundThreads(config.backgroundThreads(), Priority.LOW)
        .setBackgroundThreads(1, Priority.HIGH);
  }

  /// Loads the native library, once per JVM: `librocksdbjni-linux64.so` (or the name for the
  /// platform) from `java.library.path`, where a distribution puts it, else out of RocksDB's jar
  /// through a temporary file, which takes longer. To be called early, beside other work, when a
  /// fast start matters.
  public static void loadLibrary() {
    RocksDB.loadLibrary();
  }

  @Override
  public KeyValueStore open(Path directory, List<KeyValueFamily> families, LogUse log)
      throws KeyValueFault {
    RocksStore store =
        new RocksOpening(directory, config, cache, writeBuffers).open(families, log, open::remove);
    open.add(store);
    return store;
  }

  /// Bytes of the cache that are in use, write buffers included.
  public long cacheBytes() {
    return cache.getUsage();
  }

  @Override
  public void close() {
    open.forEach(RocksStore::close);
    writeBuffers.close();
    cache.close();
  }
}
