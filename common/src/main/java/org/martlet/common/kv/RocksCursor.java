package org.martlet.common.kv;

import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.Slice;
import org.rocksdb.Snapshot;

/// A RocksDB iterator, with the bounds that it points to.
///
/// It belongs to one thread, but the database may be closed on another: native calls are inside the
/// gate, and `freed` lets exactly one side free it.
final class RocksCursor implements KeyValueCursor {
  private final UseGate gate;
  private final Set<RocksCursor> siblings;
  private final AtomicBoolean freed = new AtomicBoolean();
  private final @Nullable Slice lower;
  private final @Nullable Slice upper;
  private final ReadOptions options = new ReadOptions();
  private final RocksIterator iterator;
  private boolean valid;

  RocksCursor(
      RocksDB db,
      ColumnFamilyHandle handle,
      KeyRange range,
      @Nullable Snapshot snapshot,
      UseGate gate,
      Set<RocksCursor> siblings) {
    this.gate = gate;
    this.siblings = siblings;
    this.lower = slice(range.lower());
    this.upper = slice(range.upper());
    if (snapshot != null) {
      options.setSnapshot(snapshot);
    }
    if (lower != null) {
      options.setIterateLowerBound(lower);
    }
    if (upper != null) {
      options.setIterateUpperBound(upper);
    }
    this.iterator = db.newIterator(handle, options);
  }

  private static @Nullable Slice slice(byte @Nullable [] bytes) {
    return bytes == null ? null : new Slice(bytes);
  }

  @Override
  public boolean first() throws KeyValueFault {
    return move(iterator::seekToFirst);
  }

  @Override
  public boolean last() throws KeyValueFault {
    return move(iterator::seekToLast);
  }

  @Override
  public boolean seek(byte[] key) throws KeyValueFault {
    return move(() -> iterator.seek(key));
  }

  @Override
  public boolean seekBack(byte[] key) throws KeyValueFault {
    return move(() -> iterator.seekForPrev(key));
  }

  @Override
  public boolean next() throws KeyValueFault {
    requireEntry();
    return move(iterator::next);
  }

  @Override
  public boolean previous() throws KeyValueFault {
    requireEntry();
    return move(iterator::prev);
  }

  private boolean move(Runnable step) throws KeyValueFault {
    enter();
    try {
      valid = false;
      step.run();
      if (iterator.isValid()) {
        valid = true;
      } else {
        iterator.status(); // tells the end of the range from a block that could not be read
      }
      return valid;
    } catch (RocksDBException e) {
      throw RocksFaults.of("scan", e);
    } finally {
      gate.exit();
    }
  }

  @Override
  public boolean isValid() {
    return valid;
  }

  @Override
  public byte[] key() {
    requireEntry();
    enter();
    try {
      return iterator.key();
    } finally {
      gate.exit();
    }
  }

  @Override
  public byte[] value() {
    requireEntry();
    enter();
    try {
      return iterator.value();
    } finally {
      gate.exit();
    }
  }

  @Override
  public int value(byte[] into) {
    requireEntry();
    enter();
    try {
      return iterator.value(into);
    } finally {
      gate.exit();
    }
  }

  private void requireEntry() {
    if (!valid) {
      throw new IllegalStateException("the cursor stands on no entry");
    }
  }

  private void enter() {
    gate.enter();
    if (freed.get()) {
      gate.exit();
      throw new IllegalStateException("the cursor is closed");
    }
  }

  @Override
  public void close() {
    if (gate.tryEnter()) {
      try {
        siblings.remove(this);
        free();
      } finally {
        gate.exit();
      }
    }
  }

  /// Frees native memory, once.
  void free() {
    if (freed.compareAndSet(false, true)) {
      iterator.close();
      options.close();
      if (lower != null) {
        lower.close();
      }
      if (upper != null) {
        upper.close();
      }
    }
  }
}
