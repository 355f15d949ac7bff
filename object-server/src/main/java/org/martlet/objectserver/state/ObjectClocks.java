package org.martlet.objectserver.state;

import org.martlet.common.model.Timestamp;

/// The short form of an [ObjectState]: what the index of a device holds and what replicas
/// compare.
///
/// @param data the clock of the body or of the tombstone
/// @param deleted true for a tombstone
/// @param etag [Etag#NONE] for a tombstone
/// @param size of the body in bytes, 0 for a tombstone
/// @param headersTag CRC-32C over data headers, content type and metadata in their encoded forms:
///     shows that two replicas differ where all clocks are equal
public record ObjectClocks(
    Timestamp data,
    boolean deleted,
    Etag etag,
    long size,
    Timestamp contentType,
    Timestamp metadata,
    int headersTag) {

  /// Whether there is a body to serve (expiry is not looked at).
  public boolean isLive() {
    return !deleted;
  }

  /// The latest of the three clocks: Swift's `X-Backend-Timestamp`.
  public Timestamp newest() {
    return Timestamp.max(data, Timestamp.max(contentType, metadata));
  }

  /// The earliest of the three clocks.
  public Timestamp oldest() {
    Timestamp older = data.isAfter(contentType) ? contentType : data;
    return older.isAfter(metadata) ? metadata : older;
  }
}
