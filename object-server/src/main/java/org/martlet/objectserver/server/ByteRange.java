package org.martlet.objectserver.server;

/// A part of a body.
///
/// @param start of the first byte
/// @param end after the last byte; above `start`
record ByteRange(long start, long end) {
  long length() {
    return end - start;
  }

  /// The value of `Content-Range`.
  String contentRange(long total) {
    return "bytes " + start + "-" + (end - 1) + "/" + total;
  }

  /// Whether an end of one lies within the other; ranges that are equal do not count, as in Swift.
  boolean overlaps(ByteRange other) {
    return (start < other.start && other.start < end)
        || (start < other.end && other.end < end)
        || (other.start < start && start < other.end)
        || (other.start < end && end < other.end);
  }
}
