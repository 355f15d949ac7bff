package org.martlet.objectserver.store;

import java.nio.ByteBuffer;

/// An object with its body, pinned as it was when it was opened: later mutations do not touch it.
///
/// - Threads: one at a time; [#read] blocks on the device.
public interface OpenObject extends AutoCloseable {
  StoredObject object();

  /// Bytes of the body; 0 for a tombstone.
  long size();

  /// CRC-32C of the whole body as it was stored.
  int crc32c();

  /// Copies body bytes into the buffer, as many as it has room for or the body still has; each 64
  /// KiB block that they come from was verified first.
  ///
  /// Reads that begin at a multiple of 64 KiB into a direct buffer of at least that room cost no
  /// extra copy.
  ///
  /// @param offset 0 to [#size]
  /// @return the bytes copied: 0 only at the end of the body or without room
  /// @throws StoreFault.Damaged if a block is not what was stored: the object has been
  ///     quarantined
  int read(long offset, ByteBuffer into) throws StoreFault;

  /// Releases the file or buffer; idempotent.
  @Override
  void close();
}
