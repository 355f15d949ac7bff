package org.martlet.containerserver.listing;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.martlet.common.kv.KeyRange;
import org.martlet.common.kv.KeyValueCursor;
import org.martlet.common.kv.KeyValueFault;
import org.martlet.common.kv.KeyValueReader;
import org.martlet.common.protocol.ListingRow;

/// Finds rows of a container whose objects lie in another storage policy than its own: first those
/// that are listed, then those of deletions.
///
/// - Cost: it looks at every row of the container, and ends early by its [ScanLimit].
public final class MisplacedRows {
  private final KeyValueReader stored;
  private final ListingId id;
  private final int policy;
  private final ScanLimit end;
  private final List<ListingRow> found = new ArrayList<>();

  private MisplacedRows(KeyValueReader stored, ListingId id, int policy, ScanLimit end) {
    this.stored = stored;
    this.id = id;
    this.policy = policy;
    this.end = end;
  }

  /// Where a scan goes on.
  ///
  /// @param deleted whether it is at the rows of deletions
  /// @param after the name after which it goes on; empty for the first
  public record Position(boolean deleted, String after) {
    public static final Position FIRST = new Position(false, "");
  }

  /// @param next empty at the end
  public record Page(ListingInfo container, List<ListingRow> rows, Optional<Position> next) {}

  static Page find(
      KeyValueReader stored, ListingId id, ListingInfo info, Position from, ScanLimit end)
      throws KeyValueFault {
    MisplacedRows scan = new MisplacedRows(stored, id, info.policy(), end);
    Optional<Position> next = Optional.empty();
    if (!from.deleted()) {
      next = scan.walk(true, from.after());
    }
    if (next.isEmpty()) {
      next = scan.walk(false, from.deleted() ? from.after() : "");
    }
    return new Page(info, scan.found, next);
  }

  private Optional<Position> walk(boolean live, String after) throws KeyValueFault {
    byte[] head = ListingKeys.rows(id, live);
    byte[] lower =
        after.isEmpty()
            ? head
            : ListingKeys.row(id, live, (after + '\0').getBytes(StandardCharsets.UTF_8));
    try (KeyValueCursor cursor =
        stored.cursor(ListingKeys.ROWS, KeyRange.of(lower, KeyRange.successor(head)))) {
      for (boolean more = cursor.first(); more; more = cursor.next()) {
        String name = ListingKeys.rowName(cursor.key());
        ListingRow row = RowType.OBJECTS.decode(name, cursor.value());
        if (row.policy() != policy) {
          found.add(row);
          end.found(name.length());
        }
        end.looked();
        if (end.isReached()) {
          return Optional.of(new Position(!live, name));
        }
      }
    }
    return Optional.empty();
  }
}
