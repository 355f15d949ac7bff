package org.martlet.containerserver.listing;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.martlet.common.kv.KeyRange;
import org.martlet.common.kv.KeyValueCursor;
import org.martlet.common.kv.KeyValueFault;
import org.martlet.common.kv.KeyValueReader;
import org.martlet.common.replication.RowDigest;

/// Lists rows of some parts of a listing's names as replicas compare them: live and deleted rows
/// together, in the order of their names.
///
/// - Cost: it walks over all names of the listing, because they are not stored by part, and hashes
///   each; values are read only of those in the parts wanted.
final class RowComparison<R> {
  private final ListingId id;
  private final RowType<R> type;
  private final StateHasher hasher;
  private final BitSet leaves;
  private final ScanLimit end;
  private final List<RowDigest> found = new ArrayList<>();

  RowComparison(ListingId id, RowType<R> type, StateHasher hasher, BitSet leaves, ScanLimit end) {
    this.id = id;
    this.type = type;
    this.hasher = hasher;
    this.leaves = leaves;
    this.end = end;
  }

  RowDigest.Page run(KeyValueReader stored, String after) throws KeyValueFault {
    try (Side live = new Side(stored, true, after);
        Side deleted = new Side(stored, false, after)) {
      while (live.name != null || deleted.name != null) {
        Side next = first(live, deleted);
        String name = next.text();
        visit(next, name);
        next.step();
        if (end.isReached()) {
          return new RowDigest.Page(found, name);
        }
      }
    }
    return new RowDigest.Page(found, "");
  }

  private void visit(Side side, String name) throws KeyValueFault {
    end.looked();
    if (!leaves.get(hasher.leaf(id, name))) {
      return;
    }
    byte[] value = side.cursor.value();
    long ticks = RowType.newest(type, type.decode(name, value)).ticks();
    found.add(new RowDigest(name, !side.live, ticks, hasher.row(id, name, value).high()));
    end.found(name.length());
  }

  /// The live rows, or the deleted ones.
  private final class Side implements AutoCloseable {
    private final boolean live;
    private final int prefix;
    private final KeyValueCursor cursor;
    private byte @Nullable [] name;

    Side(KeyValueReader stored, boolean live, String after) throws KeyValueFault {
      this.live = live;
      byte[] head = ListingKeys.rows(id, live);
      this.prefix = head.length;
      byte[] lower =
          after.isEmpty()
              ? head
              : ListingKeys.row(id, live, (after + '\0').getBytes(StandardCharsets.UTF_8));
      this.cursor = stored.cursor(ListingKeys.ROWS, KeyRange.of(lower, KeyRange.successor(head)));
      name = cursor.first() ? nameAt() : null;
    }

    private byte[] nameAt() {
      byte[] key = cursor.key();
      return Arrays.copyOfRange(key, prefix, key.length);
    }

    String text() {
      return new String(name == null ? new byte[0] : name, StandardCharsets.UTF_8);
    }

    void step() throws KeyValueFault {
      name = cursor.next() ? nameAt() : null;
    }

    @Override
    public void close() {
      cursor.close();
    }
  }

  private Side first(Side a, Side b) {
    if (a.name == null || b.name == null) {
      return a.name == null ? b : a;
    }
    return Arrays.compareUnsigned(a.name, b.name) < 0 ? a : b;
  }
}
