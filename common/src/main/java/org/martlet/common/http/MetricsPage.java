package org.martlet.common.http;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import org.martlet.common.runtime.Metrics;

/// Answers `GET /metrics` with the meters of the process, as Prometheus scrapes them, and leaves
/// all else to the handler behind it. Needs no signature: for ports that clients do not reach.
public final class MetricsPage implements HttpHandler {
  private final Metrics metrics;
  private final HttpHandler behind;

  public MetricsPage(Metrics metrics, HttpHandler behind) {
    this.metrics = metrics;
    this.behind = behind;
  }

  /// The page and nothing else, for a port of its own.
  public static MetricsPage of(Metrics metrics) {
    return new MetricsPage(
        metrics,
        server ->
            CompletableFuture.completedFuture(Response.text(404, "Here is GET /metrics only.\n")));
  }

  @Override
  public CompletableFuture<Response> handle(ServerRequest server) {
    Request request = server.request();
    if (!request.method().equals("GET") || !request.target().equals("/metrics")) {
      return behind.handle(server);
    }
    return CompletableFuture.completedFuture(
        new Response(
            200,
            Headers.of("Content-Type", Metrics.CONTENT_TYPE),
            Body.of(metrics.scrape().getBytes(StandardCharsets.UTF_8))));
  }
}
