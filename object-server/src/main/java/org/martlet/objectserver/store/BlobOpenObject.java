package org.martlet.objectserver.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.martlet.common.disk.DiskFault;
import org.martlet.objectserver.volume.BlobReader;
import org.martlet.objectserver.volume.BlockChecksums;
import org.martlet.objectserver.volume.MalformedRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// An object whose body is in a blob file. Whole blocks go straight to the reader's buffer; a
/// block of which only a part is wanted is kept, verified, for the next read.
final class BlobOpenObject implements OpenObject {
  private static final Logger LOG = LoggerFactory.getLogger(BlobOpenObject.class);
  private static final int BLOCK = BlockChecksums.BLOCK_BYTES;

  private final StoredObject object;
  private final int crc32c;
  private final BlobReader reader;
  private final BufferPool buffers;
  private final Consumer<IOException> damaged;
  private @Nullable ByteBuffer kept;
  private int keptBlock = -1;
  private boolean closed;

  BlobOpenObject(
      StoredObject object,
      int crc32c,
      BlobReader reader,
      BufferPool buffers,
      Consumer<IOException> damaged) {
    this.object = object;
    this.crc32c = crc32c;
    this.reader = reader;
    this.buffers = buffers;
    this.damaged = damaged;
  }

  @Override
  public StoredObject object() {
    return object;
  }

  @Override
  public long size() {
    return object.record().state().data().size();
  }

  @Override
  public int crc32c() {
    return crc32c;
  }

  @Override
  public int read(long offset, ByteBuffer into) throws StoreFault {
    if (closed) {
      throw new IllegalStateException("the object is closed");
    }
    if (offset < 0 || offset > size()) {
      throw new IndexOutOfBoundsException("offset " + offset + " in " + size() + " bytes");
    }
    int start = into.position();
    try {
      long position = offset;
      while (position < size() && into.hasRemaining()) {
        position += readSome(position, into);
      }
      return into.position() - start;
    } catch (MalformedRecord e) {
      into.position(start);
      damaged.accept(e);
      throw new StoreFault.Damaged(e.getMessage());
    } catch (DiskFault e) {
      into.position(start);
      throw ObjectReads.readFault(e);
    }
  }

  private int readSome(long position, ByteBuffer into) throws DiskFault, MalformedRecord {
    int block = (int) (position / BLOCK);
    int within = (int) (position % BLOCK);
    if (within == 0 && into.remaining() >= reader.blockLength(block)) {
      int before = into.position();
      reader.readBlocks(block, into);
      return into.position() - before;
    }
    ByteBuffer bytes = keep(block);
    int length = Math.min(into.remaining(), bytes.limit() - within);
    into.put(into.position(), bytes, within, length);
    into.position(into.position() + length);
    return length;
  }

  private ByteBuffer keep(int block) throws DiskFault, MalformedRecord {
    if (kept == null) {
      kept = buffers.take(BLOCK);
    }
    if (keptBlock != block) {
      keptBlock = -1;
      kept.clear().limit(reader.blockLength(block));
      reader.readBlocks(block, kept);
      kept.flip();
      keptBlock = block;
    }
    return kept;
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    if (kept != null) {
      buffers.give(kept);
    }
    try {
      reader.close();
    } catch (DiskFault e) {
      LOG.warn("closing a blob failed", e);
    }
  }
}
