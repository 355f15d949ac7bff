package org.martlet.containerserver.server;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import org.martlet.common.http.Body;
import org.martlet.common.http.Headers;
import org.martlet.common.http.HttpClient;
import org.martlet.common.http.Request;
import org.martlet.common.http.Response;
import org.martlet.common.http.Timeouts;
import org.martlet.common.protocol.BackendHeaders;
import org.martlet.common.protocol.BackendSignature;
import org.martlet.common.protocol.BackgroundIds;
import org.martlet.common.protocol.UpdateBatch;
import org.martlet.common.protocol.UpdateBatch.StatUpdate;

/// Sends statistics as `UPDATE /<device>`.
///
/// Threads: any; does not block.
final class HttpStatSender implements StatSender {
  private static final int MAX_ANSWER_BYTES = 256 * 1024;
  private static final int MAX_ANSWERS_BYTES = 16 * MAX_ANSWER_BYTES;

  private final HttpClient client;
  private final BackendSignature signature;
  private final Timeouts timeouts;
  private final BackgroundIds ids = new BackgroundIds("stats", System.nanoTime());
  private final BodyCollector answers = new BodyCollector(MAX_ANSWERS_BYTES, MAX_ANSWER_BYTES);
  private final Semaphore share = new Semaphore(MAX_ANSWERS_BYTES);

  HttpStatSender(HttpClient client, BackendSignature signature, Duration timeout) {
    this.client = client;
    this.signature = signature;
    this.timeouts = new Timeouts(timeout, timeout, timeout);
  }

  @Override
  public CompletableFuture<List<Integer>> send(AccountTarget target, List<StatUpdate> updates) {
    byte[] batch = UpdateBatch.encodeStats(updates);
    String path = "/" + target.device();
    Headers headers = Headers.of("Content-Type", ListingFormat.JSON.contentType());
    headers.set(BackendHeaders.TRANSACTION, ids.next());
    signature.sign("UPDATE", path, batch.length, headers);
    Request request = new Request("UPDATE", path, headers, Body.of(batch));
    return client
        .send(target.server(), request, timeouts)
        .response()
        .thenCompose(response -> results(response, updates.size()));
  }

  private CompletableFuture<List<Integer>> results(Response response, int expected) {
    if (response.status() != 200) {
      response.body().close();
      return CompletableFuture.failedFuture(
          new IOException("the account server answered " + response.status()));
    }
    return answers.collect(
        response.body(),
        share,
        body -> CompletableFuture.completedFuture(UpdateBatch.decodeResults(body, expected)));
  }
}
