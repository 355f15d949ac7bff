package org.martlet.common.kv;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.martlet.common.disk.CrashChoice;
import org.martlet.common.disk.PowerLoss;
import org.martlet.common.disk.PowerSwitch;

/// A database in sorted maps that remembers every write since the last flush, to tell what a power
/// loss leaves.
///
/// The fault model is RocksDB's: its buffers may have gone to tables by themselves after any write,
/// so some prefix of all writes survives, at least up to the last flush; then the log adds its
/// writes past that prefix, in order, at least up to the last sync, up to the first that is lost.
final class InMemoryStore implements KeyValueStore {
  /// A write since the last flush.
  private record Written(KeyValueBatch batch, boolean logged) {}

  private final String name;
  private final LogUse log;
  private final PowerSwitch power;
  private final List<KeyValueFamily> families;
  private final KeyValueBatch.FamilyIds ids = this::idOf;
  private final List<Written> sinceFlush = new ArrayList<>();
  private Map<String, TreeMap<byte[], byte[]>> flushed;
  private Map<String, TreeMap<byte[], byte[]>> now;
  private boolean nowIsShared;
  private int synced;
  private boolean closed;

  InMemoryStore(
      String name,
      LogUse log,
      PowerSwitch power,
      List<KeyValueFamily> families,
      Map<String, TreeMap<byte[], byte[]>> durable) {
    this.name = name;
    this.log = log;
    this.power = power;
    this.families = List.copyOf(families);
    this.flushed = copy(durable);
    families.forEach(
        family ->
            flushed.computeIfAbsent(family.name(), n -> new TreeMap<>(Arrays::compareUnsigned)));
    this.now = copy(flushed);
  }

  private static Map<String, TreeMap<byte[], byte[]>> copy(
      Map<String, TreeMap<byte[], byte[]>> tables) {
    Map<String, TreeMap<byte[], byte[]>> copy = new HashMap<>();
    tables.forEach((family, table) -> copy.put(family, new TreeMap<>(table)));
    return copy;
  }

  private int idOf(KeyValueFamily family) {
    int index = families.indexOf(family);
    if (index < 0) {
      throw new IllegalArgumentException("the database was not opened with " + family);
    }
    return index;
  }

  /// What a power loss leaves, chosen so: a database that nobody has open.
  synchronized InMemoryStore afterPowerLoss(CrashChoice choice, PowerSwitch newPower) {
    Map<String, TreeMap<byte[], byte[]>> left = copy(flushed);
    int tabled = choice.below(sinceFlush.size() + 1);
    int logEnd = synced + choice.below(sinceFlush.size() - synced + 1);
    for (int i = 0; i < sinceFlush.size(); i++) {
      Written written = sinceFlush.get(i);
      if (i < tabled || (written.logged() && i < logEnd)) {
        apply(written.batch(), left);
      }
    }
    InMemoryStore store = new InMemoryStore(name, log, newPower, families, left);
    store.close();
    return store;
  }

  synchronized Map<String, SortedMap<byte[], byte[]>> contents() {
    return new TreeMap<>(copy(now));
  }

  /// What the end of the process leaves: the log as it was written.
  synchronized Map<String, TreeMap<byte[], byte[]>> afterClose() {
    Map<String, TreeMap<byte[], byte[]>> left = copy(flushed);
    for (Written written : sinceFlush) {
      if (written.logged()) {
        apply(written.batch(), left);
      }
    }
    return left;
  }

  private void apply(KeyValueBatch batch, Map<String, TreeMap<byte[], byte[]>> to) {
    batch.forEach(
        (tag, id, first, second) -> {
          TreeMap<byte[], byte[]> table = to.get(families.get(id).name());
          switch (tag) {
            case KeyValueBatch.PUT -> table.put(first, second);
            case KeyValueBatch.DELETE -> table.remove(first);
            case KeyValueBatch.DELETE_RANGE -> table.subMap(first, second).clear();
            default -> throw new AssertionError("tag " + tag);
          }
        });
  }

  private void require() {
    if (Thread.currentThread().isVirtual()) {
      throw new IllegalStateException("a database call on a virtual thread: " + name);
    }
    if (power.isCut()) {
      throw new PowerLoss();
    }
    if (closed) {
      throw new IllegalStateException("it is closed: " + name);
    }
  }

  /// The state at this moment, never changed from now on.
  private Map<String, TreeMap<byte[], byte[]>> freeze() {
    nowIsShared = true;
    return now;
  }

  @Override
  public KeyValueBatch newBatch() {
    return new KeyValueBatch(ids);
  }

  @Override
  public synchronized void write(KeyValueBatch batch, WriteMode mode) {
    batch.requireMadeFor(ids);
    mode.requireAllowedBy(log);
    require();
    boolean last = power.goesDuringThisCall();
    if (nowIsShared) {
      now = copy(now);
      nowIsShared = false;
    }
    apply(batch, now);
    sinceFlush.add(new Written(batch.copy(), mode != WriteMode.NO_LOG));
    if (last) {
      throw new PowerLoss();
    }
    if (mode == WriteMode.SYNCED) {
      synced = sinceFlush.size();
    }
  }

  @Override
  public synchronized void sync() {
    require();
    if (power.goesDuringThisCall()) {
      throw new PowerLoss();
    }
    synced = sinceFlush.size();
  }

  @Override
  public synchronized void flush() {
    require();
    if (power.goesDuringThisCall()) {
      throw new PowerLoss();
    }
    flushed = copy(now);
    sinceFlush.clear();
    synced = 0;
  }

  @Override
  public synchronized KeyValueSnapshot snapshot() {
    require();
    return new InMemorySnapshot(this, freeze());
  }

  synchronized void requireOpen() {
    require();
  }

  private synchronized InMemorySnapshot current() {
    require();
    return new InMemorySnapshot(this, now);
  }

  @Override
  public synchronized byte[] get(KeyValueFamily family, byte[] key) {
    return current().get(family, key);
  }

  @Override
  public synchronized int get(KeyValueFamily family, byte[] key, byte[] into) {
    return current().get(family, key, into);
  }

  @Override
  public synchronized List<byte[]> multiGet(KeyValueFamily family, List<byte[]> keys) {
    return current().multiGet(family, keys);
  }

  @Override
  public synchronized KeyValueCursor cursor(KeyValueFamily family, KeyRange range) {
    require();
    return new InMemorySnapshot(this, freeze()).cursor(family, range);
  }

  @Override
  public synchronized long approximateBytes(KeyValueFamily family, KeyRange range) {
    require();
    return now.get(families.get(idOf(family)).name()).entrySet().stream()
        .filter(entry -> range.contains(entry.getKey()))
        .mapToLong(entry -> entry.getKey().length + entry.getValue().length)
        .sum();
  }

  @Override
  public synchronized long figure(KeyValueFigure figure) {
    require();
    return switch (figure) {
      case KEYS -> now.values().stream().mapToLong(TreeMap::size).sum();
      case TABLE_BYTES -> bytes(flushed);
      case BUFFERED_BYTES ->
          sinceFlush.stream().mapToLong(written -> written.batch().sizeBytes()).sum();
      case COMPACTION_DEBT_BYTES -> 0;
    };
  }

  private static long bytes(Map<String, TreeMap<byte[], byte[]>> tables) {
    return tables.values().stream()
        .flatMap(table -> table.entrySet().stream())
        .mapToLong(entry -> entry.getKey().length + entry.getValue().length)
        .sum();
  }

  @Override
  public synchronized void compact(KeyValueFamily family, KeyRange range) {
    idOf(family);
    require();
  }

  @Override
  public synchronized void close() {
    closed = true;
  }

  synchronized boolean isClosed() {
    return closed;
  }
}
