package org.martlet.common.replication;

import java.nio.ByteBuffer;
import org.martlet.common.model.ObjectHash;

/// What comes before each whole record on its way from one device to another.
///
/// - Shape, [#BYTES] bytes, big-endian: `MRF`, u8 version (1); 16 bytes of hash; u64 sequence; u8 1
///   if a listing has yet to hear of it; u32 bytes of the record, u64 bytes of the body or −1, u32
///   CRC-32C of the record. The record follows, then the body. What the record is inside is the
///   object server's business: its own version is in it.
///
/// @param sequence that the record has on the device that it comes from
/// @param listingDue whether that device has not yet told the listing
/// @param recordBytes 1 to [#MAX_RECORD_BYTES]
/// @param bodyBytes [#OMITTED] if the body is not sent, 0 for a tombstone
/// @param recordCrc CRC-32C of the record's bytes
public record FrameHead(
    ObjectHash hash,
    long sequence,
    boolean listingDue,
    int recordBytes,
    long bodyBytes,
    int recordCrc) {
  public static final int BYTES = 4 + ObjectHash.BYTES + 8 + 1 + 4 + 8 + 4;

  /// The most that a name with its metadata takes.
  public static final int MAX_RECORD_BYTES = 1 << 20;

  /// Stands for the length of a body that is not sent.
  public static final long OMITTED = -1;

  private static final int MAGIC = 'M' << 24 | 'R' << 16 | 'F' << 8 | 1;

  public FrameHead {
    if (recordBytes < 1 || recordBytes > MAX_RECORD_BYTES) {
      throw new IllegalArgumentException("a record of " + recordBytes + " bytes");
    }
    if (bodyBytes < OMITTED) {
      throw new IllegalArgumentException("a body of " + bodyBytes + " bytes");
    }
  }

  public void write(ByteBuffer to) {
    to.putInt(MAGIC);
    hash.write(to);
    to.putLong(sequence).put((byte) (listingDue ? 1 : 0));
    to.putInt(recordBytes).putLong(bodyBytes).putInt(recordCrc);
  }

  /// Reads [#BYTES] bytes and advances the buffer.
  ///
  /// @throws IllegalArgumentException with words for the sender if this is no such head
  public static FrameHead read(ByteBuffer from) {
    if (from.remaining() < BYTES) {
      throw new IllegalArgumentException("a frame is cut short");
    }
    int magic = from.getInt();
    if (magic != MAGIC) {
      throw new IllegalArgumentException("this is no frame of version 1");
    }
    ObjectHash hash = ObjectHash.read(from);
    long sequence = from.getLong();
    byte due = from.get();
    if (due != 0 && due != 1) {
      throw new IllegalArgumentException("a flag is neither 0 nor 1: " + due);
    }
    return new FrameHead(hash, sequence, due == 1, from.getInt(), from.getLong(), from.getInt());
  }

  /// The whole frame in bytes; a body that is omitted takes none.
  public long frameBytes() {
    return BYTES + (long) recordBytes + Math.max(0, bodyBytes);
  }
}
