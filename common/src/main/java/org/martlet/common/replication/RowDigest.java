package org.martlet.common.replication;

import java.util.ArrayList;
import java.util.List;

/// A row of a listing in short: enough to see whether two replicas have the same.
///
/// @param name of the object, or of the container in an account
/// @param deleted whether it is the row of a deletion
/// @param ticks of the deletion or of the last PUT: the data clock without its offset
/// @param digest the first eight bytes of the row's digest: equal rows have equal ones
public record RowDigest(String name, boolean deleted, long ticks, long digest) {

  /// Rows in the order of their names' bytes.
  ///
  /// - Shape: `MRD`, u8 version (1); the name up to which the listing was looked at (empty if to
  ///   its end); u32 count; each row's name, u8 1
  ///   if deleted, u64 ticks, u64 digest. A name is u16 bytes and UTF-8.
  ///
  /// @param lookedAt up to where, inclusive, there are no rows but these; empty: to the end
  public record Page(List<RowDigest> rows, String lookedAt) {
    private static final String LETTERS = "MRD";

    /// The most rows of one page.
    public static final int MAX_ROWS = 10_000;

    /// The bytes of the largest page.
    public static final int MAX_BYTES = MAX_ROWS * (2 + RowNames.MAX_NAME_BYTES + 17) + 8_192;

    public Page {
      rows = List.copyOf(rows);
    }

    public boolean isLast() {
      return lookedAt.isEmpty();
    }

    public byte[] encode() {
      FrameWriter out = new FrameWriter(LETTERS).name(lookedAt).u32(rows.size());
      for (RowDigest row : rows) {
        out.name(row.name).u8(row.deleted ? 1 : 0).u64(row.ticks).u64(row.digest);
      }
      return out.toBytes();
    }

    /// @throws IllegalArgumentException with words for the sender if this is no such page, or its
    ///     rows are out of order
    public static Page decode(byte[] bytes) {
      FrameParser in = new FrameParser(LETTERS, bytes);
      String lookedAt = in.name();
      int count = in.count(MAX_ROWS);
      RowNames.Order order = new RowNames.Order();
      List<RowDigest> rows = new ArrayList<>();
      for (int n = 0; n < count; n++) {
        String name = in.name();
        order.next(name);
        rows.add(new RowDigest(name, in.flag(), in.u64(), in.u64()));
      }
      in.end();
      return new Page(rows, lookedAt);
    }
  }
}
