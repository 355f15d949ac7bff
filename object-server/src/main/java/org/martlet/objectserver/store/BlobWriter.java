package org.martlet.objectserver.store;

import java.nio.ByteBuffer;

/// A body on its way to its own file.
///
/// - Durability: nothing until [#finish]; the file of a writer that is closed without its body
///   being stored is deleted, at the latest when the device is next opened.
/// - Threads: one at a time; blocks on the device.
public interface BlobWriter extends AutoCloseable {
  /// Appends all bytes that remain in the buffer; the buffer may be reused on return.
  void write(ByteBuffer chunk) throws StoreFault;

  /// Bytes written so far.
  long size();

  /// Writes the checksums and makes the file durable.
  ///
  /// @return the body to submit in a mutation, before this writer is closed
  NewBody finish() throws StoreFault;

  /// Gives up the file unless a mutation that carries its body was submitted; idempotent.
  @Override
  void close();
}
