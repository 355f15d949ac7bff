package org.martlet.objectserver.volume;

import java.nio.ByteBuffer;
import org.martlet.common.disk.DiskFault;
import org.martlet.common.disk.DiskFile;

/// A view of a file that moves forward, reading ahead so that small neighbours cost one read.
///
/// Threads: one.
final class ScanWindow {
  private static final int READ_AHEAD = 64 * 1024;

  private final DiskFile file;
  private ByteBuffer buffer = ByteBuffer.allocateDirect(READ_AHEAD).limit(0);
  private long start;

  ScanWindow(DiskFile file) {
    this.file = file;
  }

  /// The bytes from this offset on.
  ///
  /// @return a view that is good until the next call; shorter than asked for only at the end of
  ///     the file, and possibly longer
  ByteBuffer at(long offset, int length) throws DiskFault {
    if (offset < start || offset + length > start + buffer.limit()) {
      fill(offset, length);
    }
    int from = (int) (offset - start);
    return buffer.slice(from, buffer.limit() - from);
  }

  private void fill(long offset, int length) throws DiskFault {
    if (buffer.capacity() < length) {
      buffer = ByteBuffer.allocateDirect(length);
    }
    buffer.limit(0);
    start = offset;
    try {
      read(offset, buffer.capacity());
    } catch (DiskFault e) {
      // Of what is read ahead nothing may be readable: that is not what was asked for.
      if (length >= buffer.capacity()) {
        throw e;
      }
      read(offset, length);
    }
  }

  private void read(long offset, int length) throws DiskFault {
    ByteBuffer target = buffer.duplicate().clear().limit(length);
    file.read(target, offset);
    buffer.limit(target.position());
  }
}
