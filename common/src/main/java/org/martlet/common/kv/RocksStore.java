package org.martlet.common.kv;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.rocksdb.AbstractNativeReference;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.FlushOptions;
import org.rocksdb.Range;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksObject;
import org.rocksdb.SizeApproximationFlag;
import org.rocksdb.Slice;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

/// One RocksDB database.
///
/// Every call is inside `gate` while it uses native memory; [#close] shuts the gate, waits for the
/// calls inside, and then frees cursors and snapshots, the database, and its options, in that
/// order.
final class RocksStore implements KeyValueStore {
  private static final byte[] FIRST_KEY = {};
  private static final byte[] PAST_THE_LAST_KEY = pastTheLastKey();

  private final UseGate gate;
  private final LogUse log;
  private final RocksDB db;
  private final Map<KeyValueFamily, ColumnFamilyHandle> handles;
  private final Map<KeyValueFamily, Integer> familyIds = new HashMap<>();
  private final Consumer<RocksStore> onClose;
  private final RocksReader reader;
  private final Set<RocksSnapshot> snapshots = ConcurrentHashMap.newKeySet();
  private final WriteOptions noLog = new WriteOptions().setDisableWAL(true);
  private final WriteOptions logged = new WriteOptions();
  private final WriteOptions synced = new WriteOptions().setSync(true);
  private final FlushOptions flush =
      new FlushOptions().setWaitForFlush(true).setAllowWriteStall(true);
  private final KeyValueBatch.FamilyIds ids = this::idOf;
  private final List<AbstractNativeReference> owned;

  /// @param owned what to close after the database, last first
  /// @param onClose told once it is closed
  RocksStore(
      String name,
      LogUse log,
      RocksDB db,
      Map<KeyValueFamily, ColumnFamilyHandle> handles,
      List<AbstractNativeReference> owned,
      Consumer<RocksStore> onClose) {
    this.gate = new UseGate(name, null);
    this.log = log;
    this.db = db;
    this.handles = Map.copyOf(handles);
    this.onClose = onClose;
    handles.forEach((family, handle) -> familyIds.put(family, handle.getID()));
    this.reader = new RocksReader(db, this.handles, gate, null);
    this.owned = List.copyOf(owned);
  }

  /// A key above any that is used; RocksDB's calls for ranges know no open end.
  private static byte[] pastTheLastKey() {
    byte[] key = new byte[64];
    Arrays.fill(key, (byte) 0xff);
    return key;
  }

  private int idOf(KeyValueFamily family) {
    Integer id = familyIds.get(family);
    if (id == null) {
      throw new IllegalArgumentException("the database was not opened with " + family);
    }
    return id;
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
  public KeyValueBatch newBatch() {
    return new KeyValueBatch(ids);
  }

  @Override
  public void write(KeyValueBatch batch, WriteMode mode) throws KeyValueFault {
    batch.requireMadeFor(ids);
    mode.requireAllowedBy(log);
    inside(
        "write",
        () -> {
          try (WriteBatch encoded = new WriteBatch(batch.encoded())) {
            db.write(optionsOf(mode), encoded);
          }
        });
  }

  private WriteOptions optionsOf(WriteMode mode) {
    return switch (mode) {
      case NO_LOG -> noLog;
      case LOGGED -> logged;
      case SYNCED -> synced;
    };
  }

  @Override
  public void sync() throws KeyValueFault {
    inside("sync of the log", db::syncWal);
  }

  @Override
  public void flush() throws KeyValueFault {
    inside("flush", () -> db.flush(flush, List.copyOf(handles.values())));
  }

  @Override
  public KeyValueSnapshot snapshot() {
    gate.enter();
    try {
      RocksSnapshot snapshot = new RocksSnapshot(db, handles, gate, snapshots);
      snapshots.add(snapshot);
      return snapshot;
    } finally {
      gate.exit();
    }
  }

  @Override
  public long approximateBytes(KeyValueFamily family, KeyRange range) {
    ColumnFamilyHandle handle = reader.handle(family);
    gate.enter();
    try (Slice from = new Slice(orElse(range.lower(), FIRST_KEY));
        Slice to = new Slice(orElse(range.upper(), PAST_THE_LAST_KEY))) {
      return db.getApproximateSizes(
              handle,
              List.of(new Range(from, to)),
              SizeApproximationFlag.INCLUDE_FILES,
              SizeApproximationFlag.INCLUDE_MEMTABLES)[0];
    } finally {
      gate.exit();
    }
  }

  private static byte[] orElse(byte @Nullable [] bytes, byte[] other) {
    return bytes == null ? other : bytes;
  }

  @Override
  public long figure(KeyValueFigure figure) throws KeyValueFault {
    String property =
        switch (figure) {
          case KEYS -> "rocksdb.estimate-num-keys";
          case TABLE_BYTES -> "rocksdb.live-sst-files-size";
          case BUFFERED_BYTES -> "rocksdb.cur-size-all-mem-tables";
          case COMPACTION_DEBT_BYTES -> "rocksdb.estimate-pending-compaction-bytes";
        };
    gate.enter();
    try {
      return db.getAggregatedLongProperty(property);
    } catch (RocksDBException e) {
      throw RocksFaults.of(property, e);
    } finally {
      gate.exit();
    }
  }

  @Override
  public void compact(KeyValueFamily family, KeyRange range) throws KeyValueFault {
    ColumnFamilyHandle handle = reader.handle(family);
    inside("compaction", () -> db.compactRange(handle, range.lower(), range.upper()));
  }

  private interface NativeCall {
    void run() throws RocksDBException;
  }

  private void inside(String what, NativeCall call) throws KeyValueFault {
    gate.enter();
    try {
      call.run();
    } catch (RocksDBException e) {
      throw RocksFaults.of(what, e);
    } finally {
      gate.exit();
    }
  }

  @Override
  public void close() {
    if (gate.close()) {
      snapshots.forEach(RocksSnapshot::free);
      reader.free();
      db.close();
      List.of(noLog, logged, synced, flush).forEach(RocksObject::close);
      RocksOpening.closeAll(owned);
      onClose.accept(this);
    }
  }
}
