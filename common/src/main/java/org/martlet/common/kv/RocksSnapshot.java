package org.martlet.common.kv;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.RocksDB;
import org.rocksdb.Snapshot;

/// A snapshot and the reads of it. Its own gate, inside the database's, keeps it while it is read.
final class RocksSnapshot implements KeyValueSnapshot {
  private final RocksDB db;
  private final UseGate databaseGate;
  private final UseGate gate;
  private final Set<RocksSnapshot> siblings;
  private final Snapshot snapshot;
  private final RocksReader reader;

  RocksSnapshot(
      RocksDB db,
      Map<KeyValueFamily, ColumnFamilyHandle> handles,
      UseGate databaseGate,
      Set<RocksSnapshot> siblings) {
    this.db = db;
    this.databaseGate = databaseGate;
    this.gate = new UseGate("snapshot", databaseGate);
    this.siblings = siblings;
    this.snapshot = db.getSnapshot();
    this.reader = new RocksReader(db, handles, gate, snapshot);
  }

  @Override
  public byte @Nullable [] get(KeyValueFamily family, byte[] key) throws KeyValueFault {
    return reader.get(family, key);
  }

  @Override
  public int get(KeyValueFamily family, byte[] key, byte[] into) throws KeyValueFault {
    return reader.get(family, key, into);
  }

  @Override
  public List<byte @Nullable []> multiGet(KeyValueFamily family, List<byte[]> keys)
      throws KeyValueFault {
    return reader.multiGet(family, keys);
  }

  @Override
  public KeyValueCursor cursor(KeyValueFamily family, KeyRange range) {
    return reader.cursor(family, range);
  }

  @Override
  public void close() {
    if (databaseGate.tryEnter()) {
      try {
        siblings.remove(this);
        free();
      } finally {
        databaseGate.exit();
      }
    }
  }

  /// Frees native memory, once, when its readers have left; the cursors on it go with it.
  void free() {
    if (gate.close()) {
      reader.free();
      db.releaseSnapshot(snapshot);
      snapshot.close();
    }
  }
}
