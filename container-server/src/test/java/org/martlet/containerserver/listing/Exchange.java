package org.martlet.containerserver.listing;

import static org.martlet.containerserver.listing.Listings.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import org.martlet.common.model.ObjectHash;
import org.martlet.common.replication.HashRange;
import org.martlet.common.replication.ListingEntry;
import org.martlet.common.replication.ListingPart;
import org.martlet.common.replication.ListingSummary;
import org.martlet.common.replication.RowDigest;

/// Brings everything that one replica has to another, page by page.
final class Exchange {
  static final HashRange ALL = new HashRange(new ObjectHash(0, 0), new ObjectHash(-1, -1));
  private static final Duration TIME = Duration.ofSeconds(30);

  private Exchange() {}

  static void push(ListingKind kind, ListingReplicas from, ListingReplicas to, int page)
      throws ListingFault {
    for (ListingEntry entry : from.listings(kind, ALL, 100).entries()) {
      String after = "";
      do {
        RowDigest.Page rows = from.rows(kind, entry.hash(), all(), after, page, TIME).orElseThrow();
        List<String> names = rows.rows().stream().map(RowDigest::name).toList();
        ListingPart part = from.fetch(kind, entry.hash(), names, bytes -> {}).orElseThrow();
        await(to.merge(kind, entry.hash(), ListingPart.decode(part.encode()), false));
        after = rows.lookedAt();
      } while (!after.isEmpty());
    }
  }

  static BitSet all() {
    BitSet all = new BitSet();
    all.set(0, ListingSummary.LEAVES);
    return all;
  }

  /// Every row's name, deleted ones with an exclamation mark.
  static List<String> names(ListingKind kind, ListingReplicas replica, ObjectHash hash)
      throws ListingFault {
    Optional<RowDigest.Page> page = replica.rows(kind, hash, all(), "", 10_000, TIME);
    List<String> names = new ArrayList<>();
    page.ifPresent(
        found ->
            found.rows().forEach(row -> names.add(row.deleted() ? row.name() + "!" : row.name())));
    return names;
  }
}
