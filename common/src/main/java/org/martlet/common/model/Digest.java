package org.martlet.common.model;

import java.nio.ByteBuffer;
import java.util.HexFormat;

/// A 128-bit value that sums up a set of records independent of their order: the exclusive-or of
/// one value per record.
///
/// Adding and removing a record is the same operation, [#xor].
///
/// @param high the first eight bytes, big-endian
/// @param low the last eight bytes, big-endian
public record Digest(long high, long low) {
  /// The digest of nothing.
  public static final Digest ZERO = new Digest(0, 0);

  public static final int BYTES = 16;

  public static Digest read(ByteBuffer from) {
    return new Digest(from.getLong(), from.getLong());
  }

  public void write(ByteBuffer to) {
    to.putLong(high).putLong(low);
  }

  public Digest xor(Digest other) {
    return new Digest(high ^ other.high, low ^ other.low);
  }

  /// 32 lower-case hexadecimal digits.
  @Override
  public String toString() {
    return HexFormat.of().toHexDigits(high) + HexFormat.of().toHexDigits(low);
  }
}
