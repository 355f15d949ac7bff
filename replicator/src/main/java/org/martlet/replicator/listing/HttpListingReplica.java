package org.martlet.replicator.listing;

import java.util.Arrays;
import java.util.BitSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.martlet.common.http.PercentCoding;
import org.martlet.common.model.Digest;
import org.martlet.common.model.ObjectHash;
import org.martlet.common.model.Timestamp;
import org.martlet.common.protocol.BackendHeaders;
import org.martlet.common.replication.HashRange;
import org.martlet.common.replication.ListingEntry;
import org.martlet.common.replication.ListingPart;
import org.martlet.common.replication.ListingSummary;
import org.martlet.common.replication.RowDigest;
import org.martlet.common.replication.RowNames;
import org.martlet.replicator.run.DeviceCalls;
import org.martlet.replicator.run.HttpReplica;
import org.martlet.replicator.run.ReplicaFault;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Listings of a device, asked for over HTTP at the port of their service.
///
/// Nothing that a device answers is taken for more than was asked: hashes and names outside of the
/// range, out of order or never asked for are a fault of kind PROTOCOL.
///
/// - Source: docs/http-api.md, "Replication".
public final class HttpListingReplica extends HttpReplica implements ListingReplica {
  private static final String DELETED = "X-Backend-DELETE-Timestamp";
  private static final int MAX_ROWS_ANSWER = 16 << 20;
  private static final int MAX_JSON_ANSWER = 64 << 10;

  private final JsonMapper json = new JsonMapper();

  public HttpListingReplica(DeviceCalls calls) {
    super(calls, null);
  }

  @Override
  public Listed listings(HashRange range, int limit) throws ReplicaFault {
    String path =
        path(
            "/replication/listings",
            "from",
            range.first().toString(),
            "to",
            range.last().toString(),
            "limit",
            Integer.toString(limit));
    return calls().get(path, ListingEntry.MAX_BYTES, answer -> listed(answer, range));
  }

  private static Listed listed(DeviceCalls.Answer answer, HashRange range) {
    List<ListingEntry> entries = ListingEntry.decode(answer.body());
    @Nullable ObjectHash before = null;
    for (ListingEntry entry : entries) {
      if (!range.contains(entry.hash())
          || (before != null && before.compareTo(entry.hash()) >= 0)) {
        throw new IllegalArgumentException("a listing is out of order: " + entry.hash());
      }
      before = entry.hash();
    }
    Optional<ObjectHash> next =
        Optional.ofNullable(answer.headers().get(BackendHeaders.NEXT_HASH)).map(ObjectHash::parse);
    ObjectHash least = before == null ? range.first() : before;
    if (next.isPresent() && (next.get().compareTo(least) <= 0 || !range.contains(next.get()))) {
      throw new IllegalArgumentException("the listings would go on at " + next.get());
    }
    return new Listed(entries, next, isPrimary(answer.headers()));
  }

  @Override
  public Optional<Summary> summary(ObjectHash listing) throws ReplicaFault {
    return calls()
        .get(
            path("/replication/listing", "hash", listing.toString()),
            ListingSummary.BYTES,
            answer ->
                answer.body().length == 0
                    ? Optional.empty()
                    : Optional.of(
                        new Summary(
                            ListingSummary.decode(answer.body()),
                            Timestamp.parse(answer.headers().getOr(DELETED, "0")))));
  }

  @Override
  public Optional<RowDigest.Page> rows(ObjectHash listing, BitSet leaves, String after, int limit)
      throws ReplicaFault {
    byte[] bits = Arrays.copyOf(leaves.toByteArray(), ListingSummary.LEAVES / Byte.SIZE);
    String path =
        path(
            "/replication/rows",
            "hash",
            listing.toString(),
            "leaves",
            HexFormat.of().formatHex(bits),
            "after",
            PercentCoding.encode(after),
            "limit",
            Integer.toString(limit));
    return calls().get(path, MAX_ROWS_ANSWER, answer -> rows(answer, after));
  }

  private static Optional<RowDigest.Page> rows(DeviceCalls.Answer answer, String after) {
    if (answer.body().length == 0) {
      return Optional.empty();
    }
    RowDigest.Page page = RowDigest.Page.decode(answer.body());
    boolean early =
        !page.rows().isEmpty() && RowNames.compare(page.rows().getFirst().name(), after) <= 0;
    boolean late =
        !page.isLast()
            && !page.rows().isEmpty()
            && RowNames.compare(page.rows().getLast().name(), page.lookedAt()) > 0;
    boolean standing = !page.isLast() && RowNames.compare(page.lookedAt(), after) <= 0;
    if (early || late || standing) {
      throw new IllegalArgumentException("the rows are not those of the page asked for");
    }
    return Optional.of(page);
  }

  @Override
  public Optional<ListingPart> fetch(ObjectHash listing, List<String> names) throws ReplicaFault {
    byte[] body = RowNames.encode(names);
    String path = path("/replication/rows", "hash", listing.toString());
    return calls().post(path, body, ListingPart.MAX_BYTES, answer -> part(answer, names));
  }

  private static Optional<ListingPart> part(DeviceCalls.Answer answer, List<String> names) {
    if (answer.body().length == 0) {
      return Optional.empty();
    }
    ListingPart part = ListingPart.decode(answer.body());
    int asked = 0;
    for (ListingPart.Row row : part.rows()) {
      while (asked < names.size() && !names.get(asked).equals(row.name())) {
        asked++;
      }
      if (asked == names.size()) {
        throw new IllegalArgumentException("a row was not asked for, or not in that order");
      }
      asked++;
    }
    return Optional.of(part);
  }

  @Override
  public boolean merge(ObjectHash listing, ListingPart part, boolean report) throws ReplicaFault {
    String hash = listing.toString();
    String path =
        report
            ? path("/replication/merge", "hash", hash, "report", "true")
            : path("/replication/merge", "hash", hash);
    return calls().post(path, part.encode(), 0, answer -> isPrimary(answer.headers()));
  }

  @Override
  public boolean drop(ObjectHash listing, Digest digest) throws ReplicaFault {
    String path =
        path("/replication/drop", "hash", listing.toString(), "digest", digest.toString());
    return calls()
        .post(
            path,
            new byte[0],
            MAX_JSON_ANSWER,
            answer ->
                switch (json(answer).path("outcome").asString("")) {
                  case "dropped", "gone" -> true;
                  case "changed", "primary" -> false;
                  default -> throw new IllegalArgumentException("no outcome is known");
                });
  }

  @Override
  public ReclaimStep reclaim(ReclaimFrom from, Timestamp before) throws ReplicaFault {
    HashRange range = from.range();
    String path =
        path(
            "/replication/reclaim",
            "from",
            range.first().toString(),
            "to",
            range.last().toString(),
            "after",
            PercentCoding.encode(from.after()),
            "before",
            before.internal());
    return calls().post(path, new byte[0], MAX_JSON_ANSWER, answer -> step(answer, range));
  }

  private ReclaimStep step(DeviceCalls.Answer answer, HashRange range) {
    JsonNode root = json(answer);
    Optional<ReclaimFrom> next = Optional.empty();
    if (root.has("next")) {
      ObjectHash at = ObjectHash.parse(root.path("next").asString(""));
      if (range.contains(at)) {
        next =
            Optional.of(
                new ReclaimFrom(new HashRange(at, range.last()), root.path("after").asString("")));
      }
    }
    return new ReclaimStep(root.path("rows").asLong(0), root.path("listings").asLong(0), next);
  }

  private JsonNode json(DeviceCalls.Answer answer) {
    try {
      return json.readTree(answer.body());
    } catch (JacksonException e) {
      throw new IllegalArgumentException("not the JSON that was asked for", e);
    }
  }
}
