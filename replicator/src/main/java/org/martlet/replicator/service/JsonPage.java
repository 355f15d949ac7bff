package org.martlet.replicator.service;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.martlet.common.http.PercentCoding;
import org.martlet.replicator.run.DeviceCalls;
import org.martlet.replicator.run.ReplicaFault;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// One page of what a device tells in JSON: `{"<field>": […], "next": "…"}`.
///
/// @param next what the request for the next page says; empty after the last
record JsonPage<T>(List<T> items, Optional<String> next) {
  private static final JsonMapper JSON = new JsonMapper();

  JsonPage {
    items = List.copyOf(items);
  }

  /// Asks for one.
  ///
  /// @param from what the page before said; empty for the first
  /// @param item reads one; it may throw [IllegalArgumentException]
  /// @throws ReplicaFault also if the answer is none of that form
  static <T> JsonPage<T> get(
      DeviceCalls calls, Asked asked, Optional<String> from, Function<JsonNode, T> item)
      throws ReplicaFault {
    String path =
        asked.path
            + from.map(text -> "&" + asked.parameter + "=" + PercentCoding.encode(text)).orElse("");
    return calls.get(
        path,
        asked.maxAnswer,
        answer -> {
          JsonPage<T> page = read(answer.body(), asked.field, item);
          if (page.next.isPresent() && page.next.equals(from)) {
            throw new IllegalArgumentException("the pages would go on where they are");
          }
          return page;
        });
  }

  /// What is asked for, without where the page begins.
  ///
  /// @param path with a query of at least one parameter
  /// @param parameter that says where a page begins
  /// @param field of the answer that has the items
  /// @param maxAnswer bytes
  record Asked(String path, String parameter, String field, int maxAnswer) {}

  private static <T> JsonPage<T> read(byte[] body, String field, Function<JsonNode, T> item) {
    try {
      JsonNode root = JSON.readTree(body);
      List<T> items = new ArrayList<>();
      for (JsonNode each : root.path(field)) {
        items.add(item.apply(each));
      }
      JsonNode next = root.path("next");
      return new JsonPage<>(
          items, next.isString() ? Optional.of(next.asString()) : Optional.empty());
    } catch (JacksonException e) {
      throw new IllegalArgumentException("not JSON with " + field, e);
    }
  }
}
