package org.martlet.common.kv;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.Snapshot;

/// Reads of one database, of its newest state or of a snapshot.
///
/// It keeps the cursors that it made, so that whoever owns the native memory can free them first.
final class RocksReader implements KeyValueReader {
  private final RocksDB db;
  private final Map<KeyValueFamily, ColumnFamilyHandle> handles;
  private final UseGate gate;
  private final @Nullable Snapshot snapshot;
  private final ReadOptions options = new ReadOptions();
  private final Set<RocksCursor> cursors = ConcurrentHashMap.newKeySet();

  RocksReader(
      RocksDB db,
      Map<KeyValueFamily, ColumnFamilyHandle> handles,
      UseGate gate,
      @Nullable Snapshot snapshot) {
    this.db = db;
    this.handles = handles;
    this.gate = gate;
    this.snapshot = snapshot;
    if (snapshot != null) {
      options.setSnapshot(snapshot);
    }
  }

  @Override
  public byte @Nullable [] get(KeyValueFamily family, byte[] key) throws KeyValueFault {
    ColumnFamilyHandle handle = handle(family);
    gate.enter();
    try {
      return db.get(handle, options, key);
    } catch (RocksDBException e) {
      throw RocksFaults.of("get", e);
    } finally {
      gate.exit();
    }
  }

  @Override
  public int get(KeyValueFamily family, byte[] key, byte[] into) throws KeyValueFault {
    ColumnFamilyHandle handle = handle(family);
    gate.enter();
    try {
      int length = db.get(handle, options, key, into);
      return length == RocksDB.NOT_FOUND ? -1 : length;
    } catch (RocksDBException e) {
      throw RocksFaults.of("get", e);
    } finally {
      gate.exit();
    }
  }

  @Override
  public List<byte @Nullable []> multiGet(KeyValueFamily family, List<byte[]> keys)
      throws KeyValueFault {
    ColumnFamilyHandle handle = handle(family);
    gate.enter();
    try {
      if (keys.isEmpty()) {
        return List.of(); // RocksDB's Java takes no empty list
      }
      List<byte @Nullable []> values = new ArrayList<>(keys.size());
      for (byte[] value :
          db.multiGetAsList(options, Collections.nCopies(keys.size(), handle), keys)) {
        values.add(value);
      }
      return values;
    } catch (RocksDBException e) {
      throw RocksFaults.of("get of " + keys.size() + " keys", e);
    } finally {
      gate.exit();
    }
  }

  @Override
  public KeyValueCursor cursor(KeyValueFamily family, KeyRange range) {
    ColumnFamilyHandle handle = handle(family);
    gate.enter();
    try {
      RocksCursor cursor = new RocksCursor(db, handle, range, snapshot, gate, cursors);
      cursors.add(cursor);
      return cursor;
    } finally {
      gate.exit();
    }
  }

  /// @throws IllegalArgumentException if the database was not opened with it
  ColumnFamilyHandle handle(KeyValueFamily family) {
    ColumnFamilyHandle handle = handles.get(family);
    if (handle == null) {
      throw new IllegalArgumentException("the database was not opened with " + family);
    }
    return handle;
  }

  /// Frees native memory; nobody may be inside the gate any more.
  void free() {
    cursors.forEach(RocksCursor::free);
    options.close();
  }
}
