package org.martlet.objectserver.state;

import java.nio.ByteBuffer;
import java.util.HexFormat;

/// The MD5 of a stored body.
///
/// Order: unsigned, which is the order of the hexadecimal text.
///
/// @param high the first eight bytes, big-endian
/// @param low the last eight bytes, big-endian
public record Etag(long high, long low) implements Comparable<Etag> {
  /// Stands where there is no body: the ETag of a tombstone.
  public static final Etag NONE = new Etag(0, 0);

  public static final int BYTES = 16;

  /// Reads sixteen bytes from a big-endian buffer and advances it.
  public static Etag read(ByteBuffer from) {
    return new Etag(from.getLong(), from.getLong());
  }

  /// @param md5 sixteen bytes, as a message digest gives them
  public static Etag of(byte[] md5) {
    if (md5.length != BYTES) {
      throw new IllegalArgumentException("an MD5 has 16 bytes, not " + md5.length);
    }
    return read(ByteBuffer.wrap(md5));
  }

  /// Parses 32 hexadecimal digits of either case, without quotes.
  ///
  /// @throws IllegalArgumentException if the text is anything else
  public static Etag parse(String hex) {
    if (hex.length() != 2 * BYTES) {
      throw new IllegalArgumentException("an ETag has 32 hexadecimal digits: " + hex);
    }
    return of(HexFormat.of().parseHex(hex));
  }

  /// Writes sixteen bytes to a big-endian buffer and advances it.
  public void write(ByteBuffer to) {
    to.putLong(high).putLong(low);
  }

  @Override
  public int compareTo(Etag other) {
    int byHigh = Long.compareUnsigned(high, other.high);
    return byHigh != 0 ? byHigh : Long.compareUnsigned(low, other.low);
  }

  /// 32 lower-case hexadecimal digits.
  @Override
  public String toString() {
    return HexFormat.of().toHexDigits(high) + HexFormat.of().toHexDigits(low);
  }
}
