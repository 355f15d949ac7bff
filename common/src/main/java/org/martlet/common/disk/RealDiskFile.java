package org.martlet.common.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.NonWritableChannelException;
import java.nio.file.Path;
import java.util.concurrent.locks.ReentrantLock;

/// A [FileChannel]. Positional reads go side by side; `writing` orders gathering writes, which the
/// JDK offers only at the channel's own position.
final class RealDiskFile implements DiskFile {
  private final Path path;
  private final FileChannel channel;
  private final ReentrantLock writing = new ReentrantLock();

  RealDiskFile(Path path, FileChannel channel) {
    this.path = path;
    this.channel = channel;
  }

  @Override
  public Path path() {
    return path;
  }

  @Override
  public int read(ByteBuffer into, long position) throws DiskFault {
    int start = into.position();
    try {
      while (into.hasRemaining()) {
        int n = channel.read(into, position + into.position() - start);
        if (n < 0) {
          break;
        }
      }
      return into.position() - start;
    } catch (IOException e) {
      throw fault(DiskOperation.READ, e);
    }
  }

  @Override
  public void write(ByteBuffer[] from, long position) throws DiskFault {
    writing.lock();
    try {
      if (channel.position() != position) {
        channel.position(position);
      }
      for (int first = firstWithRemaining(from, 0);
          first < from.length;
          first = firstWithRemaining(from, first)) {
        channel.write(from, first, from.length - first);
      }
    } catch (NonWritableChannelException e) {
      throw new IllegalStateException(path + " was opened for reading only", e);
    } catch (IOException e) {
      throw fault(DiskOperation.WRITE, e);
    } finally {
      writing.unlock();
    }
  }

  private static int firstWithRemaining(ByteBuffer[] buffers, int from) {
    int i = from;
    while (i < buffers.length && !buffers[i].hasRemaining()) {
      i++;
    }
    return i;
  }

  @Override
  public void force(boolean metadata) throws DiskFault {
    try {
      channel.force(metadata);
    } catch (IOException e) {
      throw fault(DiskOperation.FORCE, e);
    }
  }

  @Override
  public void truncate(long size) throws DiskFault {
    try {
      if (size > channel.size()) {
        throw new IllegalArgumentException(path + " is shorter than " + size + " bytes");
      }
      channel.truncate(size);
    } catch (NonWritableChannelException e) {
      throw new IllegalStateException(path + " was opened for reading only", e);
    } catch (IOException e) {
      throw fault(DiskOperation.TRUNCATE, e);
    }
  }

  @Override
  public long size() throws DiskFault {
    try {
      return channel.size();
    } catch (IOException e) {
      throw fault(DiskOperation.SIZE, e);
    }
  }

  @Override
  public void close() throws DiskFault {
    try {
      channel.close();
    } catch (IOException e) {
      throw DiskFault.of(DiskOperation.CLOSE, path, e);
    }
  }

  /// A closed channel is a broken rule of this process (a use after close, or an interrupt), not a
  /// device that failed.
  private DiskFault fault(DiskOperation operation, IOException e) {
    if (e instanceof ClosedChannelException) {
      throw new IllegalStateException(operation.verb() + " " + path + ": it was closed", e);
    }
    return DiskFault.of(operation, path, e);
  }
}
