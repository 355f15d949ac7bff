package org.martlet.proxyserver.object;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.martlet.common.http.BlockingHandlers;
import org.martlet.common.http.Bodies;
import org.martlet.common.http.Headers;
import org.martlet.common.http.HttpFault;
import org.martlet.common.http.QueryString;
import org.martlet.common.model.ObjectPath;
import org.martlet.proxyserver.api.ApiException;
import org.martlet.proxyserver.backend.BackendAnswer;
import org.martlet.proxyserver.backend.BackendRequest;
import org.martlet.proxyserver.backend.Cluster;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.MappingIterator;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// The objects of a container whose names begin with a prefix, in order, a page at a time.
///
/// - Bounds: a page has at most [#limit] entries and [#MAX_BYTES] bytes of JSON; of all requests
///   only so many hold a page's JSON in memory at once as there are permits.
/// - Threads: any; blocks.
final class SegmentListing {
  private static final int MAX_BYTES = 4 << 20;
  private static final int MAX_PAGE = 1000;
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final ObjectReader ROWS = new JsonMapper().readerFor(ObjectNode.class);

  private final Cluster cluster;
  private final ObjectPath container;
  private final String prefix;
  private final int limit;
  private final String transactionId;
  private final Semaphore parsing;

  /// @param limit entries that container servers list at once; the page may be smaller
  /// @param parsing permits to hold a page's JSON in memory
  SegmentListing(
      Cluster cluster,
      ObjectPath container,
      String prefix,
      int limit,
      String transactionId,
      Semaphore parsing) {
    this.cluster = cluster;
    this.container = container;
    this.prefix = prefix;
    this.limit = Math.min(limit, MAX_PAGE);
    this.transactionId = transactionId;
    this.parsing = parsing;
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
        QueryString.empty()
            .add("format", "json")
            .add("limit", Integer.toString(limit))
            .add("prefix", prefix)
            .add("marker", marker)
            .toString();
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
    if (!parsing.tryAcquire(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
      answer.discard();
      throw new ApiException(503, "Too many segments are being listed.");
    }
    try {
      return parse(BlockingHandlers.await(Bodies.readAll(answer.body(), MAX_BYTES)));
    } catch (HttpFault | JacksonException e) {
      throw new ApiException(503, "The segments could not be listed.");
    } finally {
      parsing.release();
    }
  }

  private static List<Segment> parse(byte[] json) {
    List<Segment> segments = new ArrayList<>();
    if (json.length == 0) {
      return segments;
    }
    // One row at a time: a tree takes ten times the memory of its text.
    try (MappingIterator<ObjectNode> rows = ROWS.readValues(json)) {
      while (rows.hasNextValue()) {
        ObjectNode row = rows.nextValue();
        if (row.path("name").isString()) {
          segments.add(
              new Segment(
                  row.path("name").stringValue(),
                  row.path("bytes").asLong(0),
                  row.path("hash").asString("")));
        }
      }
    }
    return segments;
  }
}
