package org.martlet.common.kv;

import java.util.Map;
import java.util.NavigableMap;

/// Walks one range of one state.
final class InMemoryCursor implements KeyValueCursor {
  private final InMemoryStore store;
  private final NavigableMap<byte[], byte[]> range;
  private Map.Entry<byte[], byte[]> at;
  private boolean closed;

  InMemoryCursor(InMemoryStore store, NavigableMap<byte[], byte[]> range) {
    this.store = store;
    this.range = range;
  }

  private boolean moveTo(Map.Entry<byte[], byte[]> entry) {
    at = entry;
    return entry != null;
  }

  private void require() {
    store.requireOpen();
    if (closed) {
      throw new IllegalStateException("the cursor is closed");
    }
  }

  private Map.Entry<byte[], byte[]> entry() {
    require();
    if (at == null) {
      throw new IllegalStateException("the cursor stands on no entry");
    }
    return at;
  }

  @Override
  public boolean first() {
    require();
    return moveTo(range.firstEntry());
  }

  @Override
  public boolean last() {
    require();
    return moveTo(range.lastEntry());
  }

  @Override
  public boolean seek(byte[] key) {
    require();
    return moveTo(range.ceilingEntry(key));
  }

  @Override
  public boolean seekBack(byte[] key) {
    require();
    return moveTo(range.floorEntry(key));
  }

  @Override
  public boolean next() {
    return moveTo(range.higherEntry(entry().getKey()));
  }

  @Override
  public boolean previous() {
    return moveTo(range.lowerEntry(entry().getKey()));
  }

  @Override
  public boolean isValid() {
    return at != null;
  }

  @Override
  public byte[] key() {
    return entry().getKey().clone();
  }

  @Override
  public byte[] value() {
    return entry().getValue().clone();
  }

  @Override
  public int value(byte[] into) {
    byte[] value = entry().getValue();
    System.arraycopy(value, 0, into, 0, Math.min(into.length, value.length));
    return value.length;
  }

  @Override
  public void close() {
    closed = true;
  }
}
