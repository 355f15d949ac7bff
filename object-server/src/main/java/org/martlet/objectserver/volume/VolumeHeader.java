package org.martlet.objectserver.volume;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.UUID;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/// The start of a volume file: twice the same 512 bytes, of which one must be readable.
///
/// - Shape: little-endian; `docs/disk-format.md`, "Volume header".
///
/// @param number of this volume, 1 or more; grows
/// @param device the identity of the device that wrote it
/// @param salt random; seeds every checksum of a record
/// @param epoch grows with every start of the device that writes anything
/// @param previous the number of the volume written before; 0 for none
/// @param previousEnd where that one ended, all of it on stable storage
/// @param createdTicks when, in ticks of 10 µs
record VolumeHeader(
    int number,
    UUID device,
    long salt,
    int epoch,
    int previous,
    long previousEnd,
    long createdTicks) {
  static final int COPY_BYTES = 512;
  static final int BYTES = 2 * COPY_BYTES;

  private static final long MAGIC = 0x4c4f_5654_4c54_524dL;
  private static final int VERSION = 1;
  private static final int CRC_OFFSET = COPY_BYTES - Integer.BYTES;

  ByteBuffer encode() {
    ByteBuffer to = ByteBuffer.allocate(BYTES).order(ByteOrder.LITTLE_ENDIAN);
    to.putLong(MAGIC).putInt(VERSION).putInt(number);
    to.putLong(device.getMostSignificantBits()).putLong(device.getLeastSignificantBits());
    to.putLong(salt).putInt(epoch).putInt(previous).putLong(previousEnd).putLong(createdTicks);
    to.putInt(CRC_OFFSET, crc(to, 0));
    to.put(COPY_BYTES, to, 0, COPY_BYTES);
    return to.clear();
  }

  private static int crc(ByteBuffer bytes, int from) {
    CRC32C crc = new CRC32C();
    crc.update(bytes.slice(from, CRC_OFFSET));
    return (int) crc.getValue();
  }

  /// @param bytes the first [#BYTES] bytes of a file, or fewer where it is shorter
  /// @return null if neither copy is valid
  static @Nullable VolumeHeader decode(ByteBuffer bytes) throws UnsupportedFormat {
    for (int from = 0; from + COPY_BYTES <= bytes.limit(); from += COPY_BYTES) {
      ByteBuffer copy = bytes.slice(from, COPY_BYTES).order(ByteOrder.LITTLE_ENDIAN);
      if (copy.getLong(0) == MAGIC && copy.getInt(CRC_OFFSET) == crc(copy, 0)) {
        return decodeCopy(copy);
      }
    }
    return null;
  }

  private static VolumeHeader decodeCopy(ByteBuffer copy) throws UnsupportedFormat {
    copy.getLong();
    int version = copy.getInt();
    if (version != VERSION) {
      throw new UnsupportedFormat(
          "volume format " + version + " is not known here, only " + VERSION);
    }
    return new VolumeHeader(
        copy.getInt(),
        new UUID(copy.getLong(), copy.getLong()),
        copy.getLong(),
        copy.getInt(),
        copy.getInt(),
        copy.getLong(),
        copy.getLong());
  }
}
