package org.martlet.common.model;

import java.nio.ByteBuffer;
import java.util.HexFormat;

/// The MD5 of a path with the cluster's prefix and suffix: the key of everything on disk, ordered
/// as unsigned big-endian bytes, so that keys are in partition order for every part power.
///
/// @param high the first eight bytes, big-endian
/// @param low the last eight bytes, big-endian
public record ObjectHash(long high, long low) implements Comparable<ObjectHash> {
  /// Bytes of a hash.
  public static final int BYTES = 16;

  /// Reads sixteen bytes at the buffer's position and advances it.
  public static ObjectHash read(ByteBuffer from) {
    return new ObjectHash(from.getLong(), from.getLong());
  }

  /// Reads sixteen bytes.
  public static ObjectHash of(byte[] sixteen) {
    if (sixteen.length != BYTES) {
      throw new IllegalArgumentException("a hash has 16 bytes, not " + sixteen.length);
    }
    return read(ByteBuffer.wrap(sixteen));
  }

  /// Parses 32 hexadecimal digits.
  ///
  /// @throws IllegalArgumentException if the text is anything else
  public static ObjectHash parse(String hex) {
    if (hex.length() != 2 * BYTES) {
      throw new IllegalArgumentException("a hash has 32 hexadecimal digits: " + hex);
    }
    return of(HexFormat.of().parseHex(hex));
  }

  /// Writes sixteen bytes at the buffer's position and advances it.
  public void write(ByteBuffer to) {
    to.putLong(high).putLong(low);
  }

  public byte[] bytes() {
    ByteBuffer buffer = ByteBuffer.allocate(BYTES);
    write(buffer);
    return buffer.array();
  }

  /// The partition for a part power of 0 to 31 (0: everything is in partition 0).
  public PartitionId partition(int partPower) {
    if (partPower < 0 || partPower > 31) {
      throw new IllegalArgumentException("part power is not in 0..31: " + partPower);
    }
    return new PartitionId(partPower == 0 ? 0 : (int) (high >>> (64 - partPower)));
  }

  @Override
  public int compareTo(ObjectHash other) {
    int byHigh = Long.compareUnsigned(high, other.high);
    return byHigh != 0 ? byHigh : Long.compareUnsigned(low, other.low);
  }

  /// 32 lower-case hexadecimal digits.
  @Override
  public String toString() {
    return HexFormat.of().toHexDigits(high) + HexFormat.of().toHexDigits(low);
  }
}
