package org.martlet.common.replication;

import java.util.Comparator;
import org.martlet.common.model.Timestamp;

/// Which body or tombstone a replica has.
///
/// - Order: timestamp with its offset, tombstone over data, larger ETag, larger size: the order in
///   which the replicas' join keeps the larger. Headers that stay with the body break a further
///   tie there; a clock does not show them, only [RecordClocks#headersTag] does.
///
/// @param deleted true for a tombstone, which has no ETag and no size
/// @param size of the body in bytes
public record DataClock(Timestamp timestamp, boolean deleted, BodyEtag etag, long size)
    implements Comparable<DataClock> {
  private static final Comparator<DataClock> ORDER =
      Comparator.comparing(DataClock::timestamp)
          .thenComparing(DataClock::deleted)
          .thenComparing(DataClock::etag)
          .thenComparingLong(DataClock::size);

  public DataClock {
    if (size < 0) {
      throw new IllegalArgumentException("size is negative: " + size);
    }
    if (deleted && (size != 0 || !etag.equals(BodyEtag.NONE))) {
      throw new IllegalArgumentException("a tombstone has no ETag and no size");
    }
  }

  public static DataClock tombstone(Timestamp timestamp) {
    return new DataClock(timestamp, true, BodyEtag.NONE, 0);
  }

  @Override
  public int compareTo(DataClock other) {
    return ORDER.compare(this, other);
  }
}
