package org.martlet.common.http;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import org.martlet.common.runtime.FatalErrors;
import org.martlet.common.runtime.Metrics;

/// Answers `GET /metrics` with the meters of the process, as Prometheus scrapes them, and leaves
/// all else to the handler behind it. Needs no signature: for ports that clients do not reach.
///
/// - Bound: [#AT_ONCE] at once; more are answered 503.
/// - Threads: any; meters are read on a virtual thread, for there are thousands.
public final class MetricsPage implements HttpHandler {
  static final int AT_ONCE = 4;

  private final Metrics metrics;
  private final Semaphore readers = new Semaphore(AT_ONCE);
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
    if (!readers.tryAcquire()) {
      return CompletableFuture.completedFuture(Response.text(503, "Others read the metrics.\n"));
    }
    CompletableFuture<Response> answer = new CompletableFuture<>();
    Thread.ofVirtual().name("metrics").start(() -> read(answer));
    return answer;
  }

  private void read(CompletableFuture<Response> answer) {
    try {
      byte[] text = metrics.scrape().getBytes(StandardCharsets.UTF_8);
      answer.complete(
          new Response(200, Headers.of("Content-Type", Metrics.CONTENT_TYPE), Body.of(text)));
    } catch (RuntimeException | Error e) {
      answer.completeExceptionally(e);
      FatalErrors.passOn(e);
    } finally {
      readers.release();
    }
  }
}
