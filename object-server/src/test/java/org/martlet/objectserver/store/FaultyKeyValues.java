package org.martlet.objectserver.store;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.martlet.common.kv.KeyRange;
import org.martlet.common.kv.KeyValueBatch;
import org.martlet.common.kv.KeyValueCursor;
import org.martlet.common.kv.KeyValueFamily;
import org.martlet.common.kv.KeyValueFault;
import org.martlet.common.kv.KeyValueFigure;
import org.martlet.common.kv.KeyValueOpener;
import org.martlet.common.kv.KeyValueSnapshot;
import org.martlet.common.kv.KeyValueStore;
import org.martlet.common.kv.LogUse;
import org.martlet.common.kv.WriteMode;

/// Databases that find no space for writes, or damage in what they read, while they are told so.
final class FaultyKeyValues implements KeyValueOpener {
  final AtomicBoolean full = new AtomicBoolean();

  /// So many reads from now find damage.
  final AtomicInteger damagedReads = new AtomicInteger();

  final CountDownLatch refusedTwice = new CountDownLatch(2);
  private final KeyValueOpener inner;

  FaultyKeyValues(KeyValueOpener inner) {
    this.inner = inner;
  }

  @Override
  public KeyValueStore open(Path directory, List<KeyValueFamily> families, LogUse log)
      throws KeyValueFault {
    return new Store(inner.open(directory, families, log));
  }

  private void checkSpace() throws KeyValueFault {
    if (full.get()) {
      refusedTwice.countDown();
      throw new KeyValueFault(KeyValueFault.Kind.NO_SPACE, "no space left");
    }
  }

  private void checkRead() throws KeyValueFault {
    if (damagedReads.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
      throw new KeyValueFault(KeyValueFault.Kind.CORRUPT, "block checksum mismatch");
    }
  }

  private final class Store implements KeyValueStore {
    private final KeyValueStore store;

    Store(KeyValueStore store) {
      this.store = store;
    }

    @Override
    public KeyValueBatch newBatch() {
      return store.newBatch();
    }

    @Override
    public void write(KeyValueBatch batch, WriteMode mode) throws KeyValueFault {
      checkSpace();
      store.write(batch, mode);
    }

    @Override
    public void sync() throws KeyValueFault {
      checkSpace();
      store.sync();
    }

    @Override
    public void flush() throws KeyValueFault {
      checkSpace();
      store.flush();
    }

    @Override
    public KeyValueSnapshot snapshot() throws KeyValueFault {
      return store.snapshot();
    }

    @Override
    public long approximateBytes(KeyValueFamily family, KeyRange range) throws KeyValueFault {
      return store.approximateBytes(family, range);
    }

    @Override
    public long figure(KeyValueFigure figure) throws KeyValueFault {
      return store.figure(figure);
    }

    @Override
    public void compact(KeyValueFamily family, KeyRange range) throws KeyValueFault {
      store.compact(family, range);
    }

    @Override
    public void close() {
      store.close();
    }

    @Override
    public byte[] get(KeyValueFamily family, byte[] key) throws KeyValueFault {
      checkRead();
      return store.get(family, key);
    }

    @Override
    public int get(KeyValueFamily family, byte[] key, byte[] into) throws KeyValueFault {
      checkRead();
      return store.get(family, key, into);
    }

    @Override
    public List<byte[]> multiGet(KeyValueFamily family, List<byte[]> keys) throws KeyValueFault {
      checkRead();
      return store.multiGet(family, keys);
    }

    @Override
    public KeyValueCursor cursor(KeyValueFamily family, KeyRange range) throws KeyValueFault {
      checkRead();
      return store.cursor(family, range);
    }
  }
}
