package org.martlet.common.replication;

/// The MD5 of a body, as a part of a clock: only compared, never computed.
///
/// Order: unsigned, which is the order of the hexadecimal text.
///
/// @param high the first eight bytes, big-endian
/// @param low the last eight bytes, big-endian
public record BodyEtag(long high, long low) implements Comparable<BodyEtag> {
  /// Stands where there is no body: the ETag of a tombstone.
  public static final BodyEtag NONE = new BodyEtag(0, 0);

  @Override
  public int compareTo(BodyEtag other) {
    int byHigh = Long.compareUnsigned(high, other.high);
    return byHigh != 0 ? byHigh : Long.compareUnsigned(low, other.low);
  }
}
