package org.martlet.objectserver.volume;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;
import org.martlet.common.model.ObjectHash;
import org.martlet.objectserver.state.ObjectKey;

/// The fixed start of a record.
///
/// - Shape: 64 bytes, little-endian but for the hash; `docs/disk-format.md`, "Record".
///
/// @param sequence epoch ‖ counter: orders all records of a device
/// @param envelopeLength in bytes
/// @param bodyLength bytes of body in this record; 0 where the body lies elsewhere
/// @param envelopeCrc CRC-32C of the envelope
/// @param syncedTo everything in this volume below this offset was on stable storage before this
///     record was written
/// @param oldestVolume the oldest volume that may hold a record of the same key
public record RecordHeader(
    RecordKind kind,
    ObjectKey key,
    long sequence,
    int envelopeLength,
    int bodyLength,
    int envelopeCrc,
    long syncedTo,
    int oldestVolume) {
  public static final int BYTES = 64;

  /// Records begin at multiples of this.
  public static final int ALIGNMENT = 8;

  /// The largest envelope.
  public static final int MAX_ENVELOPE = 1 << 20;

  /// The largest body within a record.
  public static final int MAX_BODY = 4 << 20;

  private static final int MAGIC = 0x4352_544d;
  private static final int FLAG_DURABLE = 1;
  private static final int CRC_BYTES = 4;
  private static final int CRC_OFFSET = BYTES - CRC_BYTES;

  /// Bytes of header and envelope.
  public int headLength() {
    return BYTES + envelopeLength;
  }

  /// Bytes of the record with everything that belongs to it.
  public int length() {
    return length(envelopeLength, bodyLength);
  }

  static int length(int envelopeLength, int bodyLength) {
    int unpadded =
        BYTES
            + envelopeLength
            + bodyLength
            + Integer.BYTES * BlockChecksums.count(bodyLength)
            + CRC_BYTES;
    return Math.ceilDiv(unpadded, ALIGNMENT) * ALIGNMENT;
  }

  public RecordLocation at(int volume, long offset) {
    return new RecordLocation(volume, offset, length(), headLength());
  }

  /// Encodes and seals the header.
  byte[] encode(Seal seal, long offset) {
    byte[] bytes = new byte[BYTES];
    ByteBuffer to = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    to.putInt(MAGIC);
    to.put((byte) kind.code()).put((byte) FLAG_DURABLE).put((byte) key.variant()).put((byte) 0);
    to.putShort((short) key.policy()).putShort((short) 0);
    to.putInt(envelopeLength).putLong(sequence);
    key.hash().write(to.order(ByteOrder.BIG_ENDIAN));
    to.order(ByteOrder.LITTLE_ENDIAN);
    to.putInt(bodyLength).putInt(envelopeCrc).putLong(syncedTo).putInt(oldestVolume);
    to.putInt(seal.begin(offset).update(bytes, 0, CRC_OFFSET).value());
    return bytes;
  }

  /// Whether a little-endian buffer has what every record begins with at this index.
  static boolean mayBeginAt(ByteBuffer bytes, int index) {
    return bytes.getInt(index) == MAGIC;
  }

  /// Reads a header at the buffer's position, without moving it.
  ///
  /// @param from with at least [#BYTES] bytes remaining
  /// @return null if there is no valid header of a record at this offset
  static @Nullable RecordHeader decode(ByteBuffer from, Seal seal, long offset) {
    ByteBuffer bytes = from.slice(from.position(), BYTES).order(ByteOrder.LITTLE_ENDIAN);
    if (bytes.getInt(0) != MAGIC) {
      return null;
    }
    int crc = seal.begin(offset).update(bytes.slice(0, CRC_OFFSET)).value();
    if (crc != bytes.getInt(CRC_OFFSET)) {
      return null;
    }
    RecordKind kind = RecordKind.of(bytes.get(4));
    int envelopeLength = bytes.getInt(12);
    int bodyLength = bytes.getInt(40);
    if (kind == null
        || envelopeLength < 0
        || envelopeLength > MAX_ENVELOPE
        || bodyLength < 0
        || bodyLength > MAX_BODY) {
      return null;
    }
    ObjectHash hash = ObjectHash.read(bytes.slice(24, ObjectHash.BYTES));
    int policy = Short.toUnsignedInt(bytes.getShort(8));
    return new RecordHeader(
        kind,
        new ObjectKey(policy, hash, Byte.toUnsignedInt(bytes.get(6))),
        bytes.getLong(16),
        envelopeLength,
        bodyLength,
        bytes.getInt(44),
        bytes.getLong(48),
        bytes.getInt(56));
  }
}
