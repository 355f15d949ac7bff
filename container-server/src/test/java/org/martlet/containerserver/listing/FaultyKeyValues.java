package org.martlet.containerserver.listing;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
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

/// Databases of which one hangs or is found corrupt once it is told so.
///
/// Threads: any; faults may be told while others use them.
public final class FaultyKeyValues implements KeyValueOpener {
  private final KeyValueOpener inner;
  private final CountDownLatch hanging = new CountDownLatch(1);
  private final CountDownLatch released = new CountDownLatch(1);
  private volatile @Nullable Path hung;
  private volatile @Nullable Path corrupt;

  public FaultyKeyValues(KeyValueOpener inner) {
    this.inner = inner;
  }

  /// Every call to the databases below a directory blocks until [#release].
  public void hang(Path below) {
    hung = below;
  }

  /// Every read of the databases below a directory finds them corrupt.
  public void corrupt(@Nullable Path below) {
    corrupt = below;
  }

  /// Whether a call hangs within 20 seconds.
  public boolean awaitHang() throws InterruptedException {
    return hanging.await(20, TimeUnit.SECONDS);
  }

  public void release() {
    hung = null;
    released.countDown();
  }

  @Override
  public KeyValueStore open(Path directory, List<KeyValueFamily> families, LogUse log)
      throws KeyValueFault {
    return new Store(directory, inner.open(directory, families, log));
  }

  private final class Store implements KeyValueStore {
    private final Path directory;
    private final KeyValueStore store;

    Store(Path directory, KeyValueStore store) {
      this.directory = directory;
      this.store = store;
    }

    private KeyValueStore use() {
      Path hangs = hung;
      if (hangs != null && directory.startsWith(hangs)) {
        hanging.countDown();
        try {
          released.await();
        } catch (InterruptedException e) {
          throw new AssertionError("threads on a database are not interrupted", e);
        }
      }
      return store;
    }

    private KeyValueStore read() throws KeyValueFault {
      Path broken = corrupt;
      if (broken != null && directory.startsWith(broken)) {
        throw new KeyValueFault(KeyValueFault.Kind.CORRUPT, "block checksum mismatch");
      }
      return use();
    }

    @Override
    public KeyValueBatch newBatch() {
      return store.newBatch();
    }

    @Override
    public void write(KeyValueBatch batch, WriteMode mode) throws KeyValueFault {
      use().write(batch, mode);
    }

    @Override
    public void sync() throws KeyValueFault {
      use().sync();
    }

    @Override
    public void flush() throws KeyValueFault {
      use().flush();
    }

    @Override
    public KeyValueSnapshot snapshot() throws KeyValueFault {
      return read().snapshot();
    }

    @Override
    public long approximateBytes(KeyValueFamily family, KeyRange range) throws KeyValueFault {
      return use().approximateBytes(family, range);
    }

    @Override
    public long figure(KeyValueFigure figure) throws KeyValueFault {
      return use().figure(figure);
    }

    @Override
    public void compact(KeyValueFamily family, KeyRange range) throws KeyValueFault {
      use().compact(family, range);
    }

    @Override
    public void close() {
      use().close();
    }

    @Override
    public byte[] get(KeyValueFamily family, byte[] key) throws KeyValueFault {
      return read().get(family, key);
    }

    @Override
    public int get(KeyValueFamily family, byte[] key, byte[] into) throws KeyValueFault {
      return read().get(family, key, into);
    }

    @Override
    public List<byte[]> multiGet(KeyValueFamily family, List<byte[]> keys) throws KeyValueFault {
      return read().multiGet(family, keys);
    }

    @Override
    public KeyValueCursor cursor(KeyValueFamily family, KeyRange range) throws KeyValueFault {
      return read().cursor(family, range);
    }
  }
}
