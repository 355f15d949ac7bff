package org.martlet.objectserver.state;

import org.martlet.common.model.Timestamp;

/// The headers that a POST replaces as a whole, with the clock that governs them.
///
/// - Order: timestamp, then [HeaderMap#compareTo].
///
/// @param headers `X-Object-Meta-*`, `X-Object-Transient-Sysmeta-*`, and the stored headers such
///     as `X-Delete-At` and `Content-Encoding`
public record Metadata(Timestamp timestamp, HeaderMap headers) implements Comparable<Metadata> {
  /// The header that says when an object expires: seconds since the epoch.
  public static final String DELETE_AT = "X-Delete-At";

  private static final int MAX_DELETE_AT_DIGITS = 10;

  /// Seconds since the epoch at which an object with these headers expires; 0 for never. What is no
  /// such number, which can only come from a peer, is never.
  public long deleteAt() {
    String value = headers.get(DELETE_AT);
    boolean number =
        value != null
            && !value.isEmpty()
            && value.length() <= MAX_DELETE_AT_DIGITS
            && value.chars().allMatch(c -> c >= '0' && c <= '9');
    return number ? Long.parseLong(value) : 0;
  }

  @Override
  public int compareTo(Metadata other) {
    int order = timestamp.compareTo(other.timestamp);
    return order != 0 ? order : headers.compareTo(other.headers);
  }
}
