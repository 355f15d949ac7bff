package org.martlet.objectserver.state;

import org.martlet.common.model.Timestamp;

/// The headers that a POST replaces as a whole, with the clock that governs them.
///
/// - Order: timestamp, then [HeaderMap#compareTo].
///
/// @param headers `X-Object-Meta-*`, `X-Object-Transient-Sysmeta-*`, and the stored headers such
///     as `X-Delete-At` and `Content-Encoding`
public record Metadata(Timestamp timestamp, HeaderMap headers) implements Comparable<Metadata> {
  @Override
  public int compareTo(Metadata other) {
    int order = timestamp.compareTo(other.timestamp);
    return order != 0 ? order : headers.compareTo(other.headers);
  }
}
