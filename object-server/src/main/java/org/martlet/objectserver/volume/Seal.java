package org.martlet.objectserver.volume;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;

/// The CRC-32C that makes bytes a record: seeded with the volume's salt and the record's offset,
/// so that no copy of a record elsewhere, and nothing that a tenant uploads, can pass for one.
///
/// Threads: one at a time.
final class Seal {
  private final CRC32C crc = new CRC32C();
  private final ByteBuffer seed = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN);
  private final long salt;

  Seal(long salt) {
    this.salt = salt;
  }

  /// Begins a checksum for the record at this offset.
  Seal begin(long offset) {
    crc.reset();
    seed.clear().putLong(salt).putLong(offset);
    crc.update(seed.flip());
    return this;
  }

  Seal update(byte[] bytes, int from, int length) {
    crc.update(bytes, from, length);
    return this;
  }

  /// Takes what remains in the buffer; leaves its position as it was.
  Seal update(ByteBuffer bytes) {
    crc.update(bytes.duplicate());
    return this;
  }

  int value() {
    return (int) crc.getValue();
  }
}
