package org.martlet.common.disk;

import java.nio.ByteBuffer;
import java.nio.file.Path;

/// One open file. Every position is a byte offset from the start of the file.
///
/// - Threads: reads from any thread at once; writes are done one after the other. The caller sees
///   to it that nobody uses a file that is being closed: that is an [IllegalStateException].
/// - Errors: after a [DiskFault] from a write or a force the content that was not forced before is
///   unknown; do not force again and take that for success.
public interface DiskFile extends AutoCloseable {
  Path path();

  /// Reads until the buffer is full or the file ends.
  ///
  /// @return the bytes read: less than the buffer had room for only at the end of the file, 0 at or
  ///     past it
  int read(ByteBuffer into, long position) throws DiskFault;

  /// Writes everything that remains in the buffers, in order, from the position on; a position past
  /// the end leaves zeros between. Volatile until [#force].
  ///
  /// On a fault, any part may have been written.
  void write(ByteBuffer[] from, long position) throws DiskFault;

  /// Writes everything that remains in the buffer.
  default void write(ByteBuffer from, long position) throws DiskFault {
    write(new ByteBuffer[] {from}, position);
  }

  /// Returns once all that was written, and the size, is on stable storage.
  ///
  /// @param metadata also times and permissions (`fsync`); without, `fdatasync`
  void force(boolean metadata) throws DiskFault;

  /// Cuts the file to a size that is not larger than it is. Volatile until [#force].
  void truncate(long size) throws DiskFault;

  /// The length in bytes.
  long size() throws DiskFault;

  /// Gives the handle back; forces nothing. A second close does nothing.
  @Override
  void close() throws DiskFault;
}
