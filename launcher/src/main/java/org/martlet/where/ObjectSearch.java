package org.martlet.where;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.martlet.cluster.NodeClient;
import org.martlet.common.http.Headers;
import org.martlet.common.http.QueryString;
import org.martlet.common.model.ObjectPath;
import org.martlet.common.model.Timestamp;
import org.martlet.objectserver.store.ObjectFacts;
import org.martlet.where.WhereReport.Copy;
import org.martlet.where.WhereReport.Place;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/// Asks devices what they have of an object, every checksum verified, and finds the newest.
final class ObjectSearch {
  private static final Logger LOG = LoggerFactory.getLogger(ObjectSearch.class);
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final int MAX_FAULT = 300;

  private ObjectSearch() {}

  static List<Copy> copies(Asking asking, List<Place> places, ObjectPath path, int policy) {
    QueryString query =
        QueryString.empty().add("path", path.toString()).add("policy", Integer.toString(policy));
    Map<Place, NodeClient.Reply> replies =
        asking.ask(
            places,
            place ->
                new Asking.Question(
                    "GET", "/" + place.device() + "/inspection?" + query, new Headers()));
    List<Copy> copies = new ArrayList<>();
    replies.forEach((place, reply) -> copies.add(copy(place, reply)));
    return judged(copies);
  }

  static Copy copy(Place place, NodeClient.Reply reply) {
    if (reply.fault() != null) {
      return unknown(place, reply.fault());
    }
    try {
      ObjectFacts facts = JSON.readValue(reply.body(), ObjectFacts.class);
      if (facts != null) {
        return copy(place, facts);
      }
    } catch (JacksonException | IllegalArgumentException e) {
      LOG.debug("{} answers something else", place.name(), e);
    }
    return unknown(place, "its answer is not understood: is it of another version?");
  }

  private static Copy unknown(Place place, String fault) {
    String told = fault.replaceAll("\\s+", " ");
    return new Copy(
        place,
        "unknown",
        told.length() > MAX_FAULT ? told.substring(0, MAX_FAULT) + "…" : told,
        null,
        false,
        null,
        List.of(),
        null,
        null,
        null,
        null,
        false,
        List.of());
  }

  private static Copy copy(Place place, ObjectFacts facts) {
    ObjectFacts.Clocks clocks = facts.clocks();
    ObjectFacts.Content content = facts.content();
    ObjectFacts.LogRecord record = facts.record();
    List<String> damage =
        facts.checks().stream()
            .filter(check -> !check.good())
            .map(check -> check.what() + ": " + check.detail())
            .toList();
    return new Copy(
        place,
        facts.state().name().toLowerCase(Locale.ROOT),
        null,
        clocks == null ? null : parsed(clocks),
        false,
        facts.checks().isEmpty() ? null : (Boolean) damage.isEmpty(),
        damage,
        content == null ? null : (Long) content.length(),
        content == null ? null : content.etag(),
        content == null ? null : content.contentType(),
        kept(facts.body(), record),
        content != null && isListedOtherwise(content),
        record == null ? List.of() : record.due());
  }

  private static boolean isListedOtherwise(ObjectFacts.Content content) {
    return content.dataHeaders().keySet().stream()
        .map(name -> name.toLowerCase(Locale.ROOT))
        .anyMatch(
            name ->
                name.equals("x-static-large-object")
                    || name.startsWith("x-object-sysmeta-container-update-override-"));
  }

  /// @throws IllegalArgumentException if one is no timestamp
  private static WhereReport.Clocks parsed(ObjectFacts.Clocks clocks) {
    return new WhereReport.Clocks(
        Timestamp.parse(clocks.data()).internal(),
        Timestamp.parse(clocks.contentType()).internal(),
        Timestamp.parse(clocks.metadata()).internal());
  }

  private static @Nullable String kept(
      ObjectFacts.@Nullable Body body, ObjectFacts.@Nullable LogRecord record) {
    if (body == null) {
      return record == null ? null : record.kind() + " in " + record.file();
    }
    return switch (body.kind()) {
      case "inline" -> "inline in " + body.file();
      case "record" -> "inline in " + body.file() + ", metadata later";
      default -> "blob " + body.file();
    };
  }

  /// Marks those that have the newest of all clocks.
  static List<Copy> judged(List<Copy> copies) {
    @Nullable Copy winner = winner(copies);
    if (winner == null) {
      return copies;
    }
    String contentType = latest(copies, WhereReport.Clocks::contentType);
    String metadata = latest(copies, WhereReport.Clocks::metadata);
    WhereReport.Clocks won = Objects.requireNonNull(winner.clocks(), "a winner has clocks");
    return copies.stream()
        .map(
            copy -> {
              WhereReport.Clocks clocks = copy.clocks();
              boolean newest =
                  clocks != null
                      && copy.state().equals(winner.state())
                      && clocks.data().equals(won.data())
                      && Objects.equals(copy.etag(), winner.etag())
                      && Objects.equals(copy.size(), winner.size())
                      && clocks.contentType().equals(contentType)
                      && clocks.metadata().equals(metadata);
              return withNewest(copy, newest);
            })
        .toList();
  }

  /// The one whose data wins, as stores join them: the later; a tombstone over data; the larger
  /// ETag; the larger size.
  static @Nullable Copy winner(List<Copy> copies) {
    return copies.stream()
        .filter(copy -> copy.clocks() != null)
        .max(
            Comparator.comparing(ObjectSearch::data)
                .thenComparing(copy -> copy.state().equals("deleted"))
                .thenComparing(copy -> Objects.requireNonNullElse(copy.etag(), ""))
                .thenComparing(copy -> Objects.requireNonNullElse(copy.size(), 0L)))
        .orElse(null);
  }

  private static Timestamp data(Copy copy) {
    return Timestamp.parse(Objects.requireNonNull(copy.clocks(), "filtered").data());
  }

  private static String latest(List<Copy> copies, Function<WhereReport.Clocks, String> clock) {
    return copies.stream()
        .map(Copy::clocks)
        .filter(Objects::nonNull)
        .map(clock)
        .map(Timestamp::parse)
        .max(Comparator.naturalOrder())
        .map(Timestamp::internal)
        .orElse("");
  }

  private static Copy withNewest(Copy copy, boolean newest) {
    return new Copy(
        copy.place(),
        copy.state(),
        copy.fault(),
        copy.clocks(),
        newest,
        copy.sound(),
        copy.damage(),
        copy.size(),
        copy.etag(),
        copy.contentType(),
        copy.kept(),
        copy.listedOtherwise(),
        copy.dueListings());
  }
}
