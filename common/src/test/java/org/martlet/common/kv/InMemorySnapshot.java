package org.martlet.common.kv;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/// Reads of one state of an [InMemoryStore].
final class InMemorySnapshot implements KeyValueSnapshot {
  private final InMemoryStore store;
  private final Map<String, TreeMap<byte[], byte[]>> tables;
  private boolean closed;

  InMemorySnapshot(InMemoryStore store, Map<String, TreeMap<byte[], byte[]>> tables) {
    this.store = store;
    this.tables = tables;
  }

  private TreeMap<byte[], byte[]> table(KeyValueFamily family) {
    store.requireOpen();
    if (closed) {
      throw new IllegalStateException("the snapshot is closed");
    }
    TreeMap<byte[], byte[]> table = tables.get(family.name());
    if (table == null) {
      throw new IllegalArgumentException("the database was not opened with " + family);
    }
    return table;
  }

  @Override
  public byte[] get(KeyValueFamily family, byte[] key) {
    byte[] value = table(family).get(key);
    return value == null ? null : value.clone();
  }

  @Override
  public int get(KeyValueFamily family, byte[] key, byte[] into) {
    byte[] value = table(family).get(key);
    if (value == null) {
      return -1;
    }
    System.arraycopy(value, 0, into, 0, Math.min(into.length, value.length));
    return value.length;
  }

  @Override
  public List<byte[]> multiGet(KeyValueFamily family, List<byte[]> keys) {
    List<byte[]> values = new ArrayList<>();
    for (byte[] key : keys) {
      values.add(get(family, key));
    }
    return values;
  }

  @Override
  public KeyValueCursor cursor(KeyValueFamily family, KeyRange range) {
    return new InMemoryCursor(store, within(table(family), range));
  }

  private static NavigableMap<byte[], byte[]> within(
      TreeMap<byte[], byte[]> table, KeyRange range) {
    if (range.lower() != null
        && range.upper() != null
        && Arrays.compareUnsigned(range.lower(), range.upper()) >= 0) {
      return new TreeMap<>(Arrays::compareUnsigned);
    }
    NavigableMap<byte[], byte[]> from =
        range.lower() == null ? table : table.tailMap(range.lower(), true);
    return range.upper() == null ? from : from.headMap(range.upper(), false);
  }

  @Override
  public void close() {
    closed = true;
  }
}
