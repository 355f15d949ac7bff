package org.martlet.proxyserver.object;

import java.util.ArrayList;
import java.util.List;
import org.martlet.common.http.BlockingHandlers;
import org.martlet.common.http.Bodies;
import org.martlet.common.http.Headers;
import org.martlet.common.http.HttpFault;
import org.martlet.common.model.ObjectPath;
import org.martlet.proxyserver.api.ApiException;
import org.martlet.proxyserver.api.UrlEncoding;
import org.martlet.proxyserver.backend.BackendAnswer;
import org.martlet.proxyserver.backend.BackendRequest;
import org.martlet.proxyserver.backend.Cluster;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The objects of a container whose names begin with a prefix, in order, a page at a time.
///
/// - Bounds: a page has at most [#limit] entries and [#MAX_BYTES] bytes of JSON.
/// - Threads: any; blocks.
final class SegmentListing {
  private static final int MAX_BYTES = 32 << 20;
  private static final JsonMapper JSON = new JsonMapper();

  private final Cluster cluster;
  private final ObjectPath container;
  private final String prefix;
  private final int limit;
  private final String transactionId;

  SegmentListing(
      Cluster cluster, ObjectPath container, String prefix, int limit, String transactionId) {
    this.cluster = cluster;
    this.container = container;
    this.prefix = prefix;
    this.limit = limit;
    this.transactionId = transactionId;
  }

  int limit() {
    return limit;
  }

  /// What follows a name; fewer than [#limit] if nothing comes after.
  ///
  /// @param marker empty for the first page
  /// @throws ApiException 503 if it cannot be known
  List<Segment> page(String marker) throws InterruptedException {
    String query =
        "format=json&limit="
            + limit
            + "&prefix="
            + UrlEncoding.component(prefix)
            + "&marker="
            + UrlEncoding.component(marker);
    BackendAnswer answer =
        cluster.read(
            BackendRequest.of("GET", container, new Headers(), transactionId).withQuery(query),
            false);
    if (answer.status() == 404) {
      answer.discard();
      return List.of();
    }
    if (!answer.isSuccess()) {
      answer.discard();
      throw new ApiException(503);
    }
    try {
      return parse(BlockingHandlers.await(Bodies.readAll(answer.body(), MAX_BYTES)));
    } catch (HttpFault | JacksonException e) {
      throw new ApiException(503, "The segments could not be listed.");
    }
  }

  private static List<Segment> parse(byte[] json) {
    List<Segment> segments = new ArrayList<>();
    if (json.length == 0) {
      return segments;
    }
    for (JsonNode row : JSON.readTree(json)) {
      if (row.path("name").isString()) {
        segments.add(
            new Segment(
                row.path("name").stringValue(),
                row.path("bytes").asLong(0),
                row.path("hash").asString("")));
      }
    }
    return segments;
  }
}
