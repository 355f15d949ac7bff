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

/// Opens RocksDB databases that share one block cache and one budget of write buffers.
///
/// - Make one per JVM, close it last: it closes the databases that are still open.
/// - A device that hangs must not stop the others: so there are threads for the jobs of every
///   database, and the budget of write buffers makes a database flush but stalls nobody. What holds
///   a writer back is its own database's number of buffers.
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
    makeThreads();
    return store;
  }

  /// Opens a database for reading only, beside whoever may have it open; nothing in its directory
  /// is changed, and what is read is as at this moment. Every write fails.
  ///
  /// @throws KeyValueFault if there is none, or it is damaged
  public KeyValueStore openReadOnly(Path directory, List<KeyValueFamily> families)
      throws KeyValueFault {
    RocksStore store =
        new RocksOpening(directory, config, cache, writeBuffers)
            .openReadOnly(families, open::remove);
    open.add(store);
    return store;
  }

  /// RocksDB's thread pools belong to the process. They have a thread for every job that the
  /// databases may run at once, since those of a device that hangs hold theirs for ever; the split
  /// is RocksDB's own.
  private void makeThreads() {
    int flushes = Math.max(1, config.jobsPerDatabase() / 4);
    int compactions = config.jobsPerDatabase() - flushes;
    Env.getDefault()
        .incBackgroundThreadsIfNeeded(open.size() * flushes, Priority.HIGH)
        .incBackgroundThreadsIfNeeded(open.size() * compactions, Priority.LOW);
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
