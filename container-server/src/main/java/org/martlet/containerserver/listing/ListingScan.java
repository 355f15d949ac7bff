package org.martlet.containerserver.listing;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.martlet.common.kv.KeyRange;
import org.martlet.common.kv.KeyValueCursor;
import org.martlet.common.kv.KeyValueFault;
import org.martlet.common.kv.KeyValueReader;

/// Runs one query over the live rows of one listing.
///
/// It seeks past a whole pseudo-directory, so that the cost grows with what is returned and not
/// with what is stored.
final class ListingScan<R> {
  private final RowType<R> type;
  private final ListingQuery query;
  private final byte[] head;
  private final byte[] prefix;
  private final byte[] delimiter;
  private final byte[] lowerMarker;
  private final EntryCost cost;
  private final List<ListingPage.Entry<R>> found = new ArrayList<>();

  private ListingScan(ListingId id, RowType<R> type, ListingQuery query, EntryCost cost) {
    this.type = type;
    this.cost = cost;
    this.query = query;
    this.head = ListingKeys.rows(id, true);
    this.prefix = utf8(query.effectivePrefix());
    this.delimiter = utf8(query.effectiveDelimiter());
    this.lowerMarker = utf8(query.lowerMarker());
  }

  static <R> List<ListingPage.Entry<R>> run(
      KeyValueReader store, ListingId id, RowType<R> type, ListingQuery query, EntryCost cost)
      throws KeyValueFault {
    ListingScan<R> scan = new ListingScan<>(id, type, query, cost);
    byte[] lower = scan.lower();
    byte @Nullable [] upper = scan.upper();
    if (query.limit() == 0 || (upper != null && Arrays.compareUnsigned(lower, upper) >= 0)) {
      return List.of();
    }
    try (KeyValueCursor cursor = store.cursor(ListingKeys.ROWS, KeyRange.of(lower, upper))) {
      scan.walk(cursor);
    }
    return scan.found;
  }

  /// The least key that may be listed.
  private byte[] lower() {
    byte[] lower = concat(head, prefix);
    if (!query.reserved()) {
      lower = max(lower, concat(head, new byte[] {1}));
    }
    if (lowerMarker.length > 0) {
      // The least key above the marker.
      lower = max(lower, concat(concat(head, lowerMarker), new byte[] {0}));
    }
    return lower;
  }

  /// The least key that may not be listed any more.
  private byte @Nullable [] upper() {
    byte @Nullable [] upper = KeyRange.successor(concat(head, prefix));
    byte[] marker = utf8(query.upperMarker());
    if (marker.length == 0) {
      return upper;
    }
    byte[] end = concat(head, marker);
    return upper == null || Arrays.compareUnsigned(end, upper) < 0 ? end : upper;
  }

  private void walk(KeyValueCursor cursor) throws KeyValueFault {
    boolean more = query.reverse() ? cursor.last() : cursor.first();
    while (more && found.size() < query.limit()) {
      more = visit(cursor);
    }
  }

  /// Takes the row under the cursor and moves on.
  private boolean visit(KeyValueCursor cursor) throws KeyValueFault {
    byte[] key = cursor.key();
    byte[] value = cursor.value();
    R row = type.decode(ListingKeys.rowName(key), value);
    if (query.policy().isPresent() && query.policy().getAsInt() != type.policy(row)) {
      return step(cursor);
    }
    int at = delimiter.length == 0 ? -1 : indexOf(key, delimiter, head.length + prefix.length);
    int end = at + delimiter.length;
    if (query.path() != null) {
      boolean isDirectoryItself = prefix.length > 0 && key.length == head.length + prefix.length;
      boolean isBelow = at >= 0 && key.length > end;
      if (isBelow) {
        return skip(cursor, Arrays.copyOf(key, end), true);
      }
      if (!isDirectoryItself) {
        add(new ListingPage.Item<>(row), key.length + value.length);
      }
      return step(cursor);
    }
    if (at < 0) {
      add(new ListingPage.Item<>(row), key.length + value.length);
      return step(cursor);
    }
    byte[] directory = Arrays.copyOf(key, end);
    if (!Arrays.equals(directory, head.length, end, lowerMarker, 0, lowerMarker.length)) {
      add(new ListingPage.Subdirectory<>(ListingKeys.rowName(directory)), directory.length);
    }
    return skip(cursor, directory, false);
  }

  private void add(ListingPage.Entry<R> entry, int storedBytes) {
    cost.add(storedBytes);
    found.add(entry);
  }

  private boolean step(KeyValueCursor cursor) throws KeyValueFault {
    return query.reverse() ? cursor.previous() : cursor.next();
  }

  /// Past everything in a pseudo-directory; in reverse, the row of the directory's own name comes
  /// last and may be kept.
  private boolean skip(KeyValueCursor cursor, byte[] directory, boolean keepItsOwn)
      throws KeyValueFault {
    if (!query.reverse()) {
      byte @Nullable [] past = KeyRange.successor(directory);
      return past != null && cursor.seek(past);
    }
    if (!cursor.seekBack(directory)) {
      return false;
    }
    boolean isItsOwn = Arrays.equals(cursor.key(), directory);
    return !isItsOwn || keepItsOwn || cursor.previous();
  }

  private static int indexOf(byte[] in, byte[] what, int from) {
    for (int at = from; at <= in.length - what.length; at++) {
      if (Arrays.equals(in, at, at + what.length, what, 0, what.length)) {
        return at;
      }
    }
    return -1;
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] max(byte[] a, byte[] b) {
    return Arrays.compareUnsigned(a, b) >= 0 ? a : b;
  }

  private static byte[] concat(byte[] a, byte[] b) {
    byte[] both = Arrays.copyOf(a, a.length + b.length);
    System.arraycopy(b, 0, both, a.length, b.length);
    return both;
  }
}
