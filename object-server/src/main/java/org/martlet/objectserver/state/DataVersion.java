package org.martlet.objectserver.state;

import org.martlet.common.model.Timestamp;

/// What a PUT or a DELETE sets: a body's identity with the headers that stay with it, or a
/// tombstone.
///
/// - Order: timestamp with its offset, tombstone over data, larger ETag, larger size, larger
///   headers.
///
/// @param deleted true for a tombstone, which has no ETag, no size and no headers
/// @param size of the body in bytes
/// @param headers what stays with the body through a POST: `X-Object-Sysmeta-*`,
///     `X-Static-Large-Object`
public record DataVersion(
    Timestamp timestamp, boolean deleted, Etag etag, long size, HeaderMap headers)
    implements Comparable<DataVersion> {
  public DataVersion {
    if (size < 0) {
      throw new IllegalArgumentException("size is negative: " + size);
    }
    if (deleted && (size != 0 || !etag.equals(Etag.NONE) || !headers.isEmpty())) {
      throw new IllegalArgumentException("a tombstone has no ETag, no size and no headers");
    }
  }

  public static DataVersion tombstone(Timestamp timestamp) {
    return new DataVersion(timestamp, true, Etag.NONE, 0, HeaderMap.EMPTY);
  }

  @Override
  public int compareTo(DataVersion other) {
    int order = timestamp.compareTo(other.timestamp);
    if (order == 0) {
      order = Boolean.compare(deleted, other.deleted);
    }
    if (order == 0) {
      order = etag.compareTo(other.etag);
    }
    if (order == 0) {
      order = Long.compare(size, other.size);
    }
    return order == 0 ? headers.compareTo(other.headers) : order;
  }
}
