package org.martlet.containerserver.listing;

import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import org.martlet.common.kv.KeyValueFault;
import org.martlet.common.model.Timestamp;
import org.martlet.common.protocol.ListingRow;

/// A container's rows: one an object, live or deleted.
///
/// - Join: three registers. The data register (clock, deletion over data, larger etag, larger size,
///   larger policy index) and the content-type register (clock, larger text) take the greater
///   side, the metadata clock the later. The content type survives a deletion with its clock.
/// - Shape: version 1; flags; data clock; content-type clock and metadata clock unless equal to it;
///   size; policy index; etag (16 bytes where it is 32 lower-case hexadecimal digits, else a text);
///   content type.
final class ObjectRows implements RowType<ListingRow> {
  private static final int VERSION = 1;
  private static final int DELETED = 1;
  private static final int ETAG_IS_MD5 = 2;
  private static final int OWN_CONTENT_TYPE_CLOCK = 4;
  private static final int OWN_METADATA_CLOCK = 8;
  private static final int MD5_DIGITS = 32;

  private static final Comparator<ListingRow> DATA_ORDER =
      Comparator.comparing(ListingRow::data)
          .thenComparing(ListingRow::deleted)
          .thenComparing(ListingRow::etag)
          .thenComparingLong(ListingRow::size)
          .thenComparingInt(ListingRow::policy);

  private static final Comparator<ListingRow> CONTENT_TYPE_ORDER =
      Comparator.comparing(ListingRow::contentTypeClock).thenComparing(ListingRow::contentType);

  @Override
  public String name(ListingRow row) {
    return row.name();
  }

  @Override
  public ListingRow merge(ListingRow a, ListingRow b) {
    ListingRow data = DATA_ORDER.compare(a, b) >= 0 ? a : b;
    ListingRow type = CONTENT_TYPE_ORDER.compare(a, b) >= 0 ? a : b;
    return new ListingRow(
        data.name(),
        data.data(),
        type.contentTypeClock(),
        Timestamp.max(a.metadata(), b.metadata()),
        data.deleted(),
        data.size(),
        data.etag(),
        type.contentType(),
        data.policy());
  }

  @Override
  public boolean isLive(ListingRow row) {
    return !row.deleted();
  }

  @Override
  public List<Timestamp> clocks(ListingRow row) {
    return List.of(row.data(), row.contentTypeClock(), row.metadata());
  }

  @Override
  public void check(ListingId listing, ListingRow row) {
    EntryChecks.check(listing.path(), row);
  }

  @Override
  public int policy(ListingRow row) {
    return row.policy();
  }

  @Override
  public boolean listsOwnPolicyOnly() {
    return true;
  }

  @Override
  public void count(ListingRow row, Totals.Sum sum, int sign) {
    sum.add(row.policy(), sign, sign, sign * row.size());
  }

  @Override
  public byte[] encode(ListingRow row) {
    boolean md5 = isMd5(row.etag());
    boolean ownType = !row.contentTypeClock().equals(row.data());
    boolean ownMetadata = !row.metadata().equals(row.data());
    int flags =
        (row.deleted() ? DELETED : 0)
            | (md5 ? ETAG_IS_MD5 : 0)
            | (ownType ? OWN_CONTENT_TYPE_CLOCK : 0)
            | (ownMetadata ? OWN_METADATA_CLOCK : 0);
    RecordWriter out = new RecordWriter().u8(VERSION).u8(flags).timestamp(row.data());
    if (ownType) {
      out.timestamp(row.contentTypeClock());
    }
    if (ownMetadata) {
      out.timestamp(row.metadata());
    }
    out.number(row.size()).number(row.policy());
    if (md5) {
      out.raw(HexFormat.of().parseHex(row.etag()));
    } else {
      out.text(row.etag());
    }
    return out.array(row.contentType().getBytes(StandardCharsets.UTF_8)).toBytes();
  }

  private static boolean isMd5(String etag) {
    return etag.length() == MD5_DIGITS
        && etag.chars().allMatch(c -> (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'));
  }

  @Override
  public ListingRow decode(String name, byte[] bytes) throws KeyValueFault {
    RecordReader in = new RecordReader(bytes, VERSION);
    int flags = in.u8();
    Timestamp data = in.timestamp();
    Timestamp type = (flags & OWN_CONTENT_TYPE_CLOCK) != 0 ? in.timestamp() : data;
    Timestamp metadata = (flags & OWN_METADATA_CLOCK) != 0 ? in.timestamp() : data;
    long size = in.number();
    int policy = in.smallNumber();
    String etag =
        (flags & ETAG_IS_MD5) != 0 ? HexFormat.of().formatHex(in.raw(MD5_DIGITS / 2)) : in.text();
    String contentType = in.text();
    in.end();
    if (size < 0) {
      throw RecordReader.corrupt("a negative size");
    }
    return new ListingRow(
        name, data, type, metadata, (flags & DELETED) != 0, size, etag, contentType, policy);
  }
}
