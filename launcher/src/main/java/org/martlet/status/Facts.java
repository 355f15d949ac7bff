package org.martlet.status;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;

/// Reads what servers say without trust: a field that is missing or odd is as if it were not known,
/// a list ends after 10,000 items, a text after 500 characters.
///
/// @param node an object of JSON, or nothing
record Facts(JsonNode node) {
  private static final int MAX_ITEMS = 10_000;
  private static final int MAX_TEXT = 500;

  /// Moments that are not before it are no servers' clocks.
  private static final Instant FAR = Instant.parse("9999-01-01T00:00:00Z");

  static Facts of(@Nullable JsonNode node) {
    return new Facts(node == null ? MissingNode.getInstance() : node);
  }

  static Facts of(StorageNodes.@Nullable Said said) {
    return of(said == null ? null : said.json());
  }

  static String shortened(String text, int most) {
    String line = text.replaceAll("\\s+", " ").strip();
    return line.length() <= most ? line : line.substring(0, most) + "…";
  }

  boolean isThere() {
    return !node.isMissingNode() && !node.isNull();
  }

  Facts at(String field) {
    return new Facts(node.path(field));
  }

  List<Facts> list(String field) {
    List<Facts> items = new ArrayList<>();
    for (JsonNode item : node.path(field)) {
      if (items.size() == MAX_ITEMS) {
        break;
      }
      items.add(new Facts(item));
    }
    return items;
  }

  /// Empty where there is none.
  String text(String field) {
    return shortened(node.path(field).asString(""), MAX_TEXT);
  }

  List<String> texts(String field) {
    return list(field).stream()
        .map(item -> shortened(item.node().asString(""), MAX_TEXT))
        .filter(text -> !text.isEmpty())
        .toList();
  }

  /// -1 where it is not known.
  long number(String field) {
    return node.path(field).asLong(-1);
  }

  /// 0 where it is not known.
  long count(String field) {
    return Math.max(0, node.path(field).asLong(0));
  }

  @Nullable Double decimal(String field) {
    JsonNode found = node.path(field);
    return found.isNumber() && Double.isFinite(found.asDouble()) ? found.asDouble() : null;
  }

  boolean isTrue(String field) {
    return node.path(field).asBoolean(false);
  }

  Optional<Instant> moment(String field) {
    try {
      String text = text(field);
      return Optional.of(text)
          .filter(found -> !found.isEmpty())
          .map(Instant::parse)
          .filter(moment -> !moment.isBefore(Instant.EPOCH) && moment.isBefore(FAR));
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }
}
