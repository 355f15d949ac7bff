package org.martlet.where;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.martlet.cluster.NodeClient;
import org.martlet.common.http.Headers;
import org.martlet.common.http.PercentCoding;
import org.martlet.common.http.QueryString;
import org.martlet.common.model.ObjectPath;
import org.martlet.common.protocol.BackendHeaders;
import org.martlet.where.WhereReport.Listing;
import org.martlet.where.WhereReport.Place;
import org.martlet.where.WhereReport.Row;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Asks devices what they have of a container or account, and for one row of it.
final class ListingSearch {
  private static final int MISSING = 404;
  private static final String NEVER = "0000000000.00000";
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private ListingSearch() {}

  private static String target(Place place, Places places, ObjectPath path) {
    return "/"
        + place.device()
        + "/"
        + places.partition().value()
        + PercentCoding.encodePath(path.toString());
  }

  private static Headers headers() {
    return Headers.of(
        BackendHeaders.ALLOW_RESERVED_NAMES, "true", BackendHeaders.SHOW_DELETED, "true");
  }

  static List<Listing> listings(Asking asking, Places places, ObjectPath path) {
    List<Listing> found = new ArrayList<>();
    asking
        .ask(
            places.all(),
            place -> new Asking.Question("HEAD", target(place, places, path), headers()))
        .forEach((place, reply) -> found.add(listing(place, reply, path.container() == null)));
    return judged(found);
  }

  private static Listing listing(Place place, NodeClient.Reply reply, boolean account) {
    boolean answered = reply.status() / 100 == 2 || reply.status() == MISSING;
    if (!answered) {
      return new Listing(
          place, "unknown", reply.fault(), 0, 0, null, null, null, null, null, false);
    }
    Headers headers = reply.headers();
    String kind = account ? "X-Account-" : "X-Container-";
    String deleted = clock(headers, "X-Backend-DELETE-Timestamp");
    boolean wasDeleted = deleted != null || "Deleted".equals(headers.getOr("X-Account-Status", ""));
    String state = wasDeleted ? "deleted" : "absent";
    String policy = account ? null : headers.get(BackendHeaders.POLICY_INDEX);
    return new Listing(
        place,
        reply.status() == MISSING || (account && wasDeleted) ? state : "live",
        null,
        number(headers, kind + "Object-Count").orElse(0),
        number(headers, kind + "Bytes-Used").orElse(0),
        account ? (Long) number(headers, kind + "Container-Count").orElse(0) : null,
        policy != null && policy.matches("[0-9]{1,5}") ? Integer.valueOf(policy) : null,
        account ? headers.get("X-PUT-Timestamp") : clock(headers, "X-Backend-PUT-Timestamp"),
        deleted,
        clock(headers, "X-Backend-Status-Changed-At"),
        false);
  }

  private static @Nullable String clock(Headers headers, String name) {
    String value = headers.get(name);
    return value == null || value.equals(NEVER) ? null : value;
  }

  private static OptionalLong number(Headers headers, String name) {
    String value = headers.getOr(name, "");
    return value.matches("[0-9]{1,18}")
        ? OptionalLong.of(Long.parseLong(value))
        : OptionalLong.empty();
  }

  /// Marks those that say what the last one says that changed. Rows move no clock: among those of
  /// the same clocks what most of them count is taken for right. What accounts count is not judged:
  /// each replica hears of containers at times of its own.
  static List<Listing> judged(List<Listing> listings) {
    List<Listing> known =
        listings.stream()
            .filter(listing -> !listing.state().equals("unknown"))
            .filter(listing -> !listing.state().equals("absent"))
            .toList();
    String newest = known.stream().map(ListingSearch::changed).max(String::compareTo).orElse("");
    List<Listing> last = known.stream().filter(one -> changed(one).equals(newest)).toList();
    @Nullable Listing right =
        last.stream()
            .max(Comparator.comparingLong(one -> last.stream().filter(o -> agrees(o, one)).count()))
            .orElse(null);
    return listings.stream().map(listing -> withAgrees(listing, agrees(listing, right))).toList();
  }

  /// When something but rows last changed.
  private static String changed(Listing listing) {
    return latest(listing.put(), latest(listing.deleted(), latest(listing.changed(), "")));
  }

  private static String latest(@Nullable String a, @Nullable String b) {
    String first = Objects.requireNonNullElse(a, "");
    String second = Objects.requireNonNullElse(b, "");
    return first.compareTo(second) >= 0 ? first : second;
  }

  private static boolean agrees(Listing listing, @Nullable Listing last) {
    return last != null
        && listing.state().equals(last.state())
        && (listing.containers() != null || countsSame(listing, last))
        && Objects.equals(listing.policy(), last.policy())
        && Objects.equals(listing.put(), last.put());
  }

  private static boolean countsSame(Listing one, Listing other) {
    return one.objects() == other.objects() && one.bytes() == other.bytes();
  }

  private static Listing withAgrees(Listing listing, boolean agrees) {
    return new Listing(
        listing.place(),
        listing.state(),
        listing.fault(),
        listing.objects(),
        listing.bytes(),
        listing.containers(),
        listing.policy(),
        listing.put(),
        listing.deleted(),
        listing.changed(),
        agrees);
  }

  /// What a row should say; empty where there should be none.
  ///
  /// @param size -1 for one whose figures are not compared
  record Expected(boolean listed, long size, @Nullable String etag) {}

  /// The row of a name on the primaries of its listing.
  static List<Row> rows(
      Asking asking, Places places, ObjectPath listing, String name, Expected expected) {
    QueryString query =
        QueryString.empty().add("format", "json").add("prefix", name).add("limit", "1");
    Map<Place, NodeClient.Reply> replies =
        asking.ask(
            places.primaries(),
            place ->
                new Asking.Question(
                    "GET", target(place, places, listing) + "?" + query, headers()));
    List<Row> rows = new ArrayList<>();
    replies.forEach((place, reply) -> rows.add(row(place, reply, name, expected)));
    return rows;
  }

  private static Row row(Place place, NodeClient.Reply reply, String name, Expected expected) {
    if (reply.status() == MISSING) {
      return new Row(
          place, "it does not have the listing", false, null, null, null, !expected.listed());
    }
    if (reply.fault() != null) {
      return new Row(place, reply.fault(), null, null, null, null, false);
    }
    try {
      JsonNode found =
          JSON.readTree(reply.body().length == 0 ? new byte[] {'[', ']'} : reply.body());
      JsonNode first = found.path(0);
      if (!first.path("name").asString("").equals(name)) {
        return new Row(place, null, false, null, null, null, !expected.listed());
      }
      long size = first.path("bytes").asLong(-1);
      String etag = first.path("hash").asString("");
      JsonNode count = first.path("count");
      boolean same =
          expected.size() < 0 || (size == expected.size() && etag.equals(expected.etag()));
      return new Row(
          place,
          null,
          true,
          size,
          etag.isEmpty() ? null : etag,
          count.isNumber() ? (Long) count.asLong(0) : null,
          expected.listed() && same);
    } catch (JacksonException e) {
      return new Row(place, "its answer is not understood", null, null, null, null, false);
    }
  }
}
