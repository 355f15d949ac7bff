package org.martlet.objectserver.outbox;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.martlet.common.http.Bodies;
import org.martlet.common.http.Body;
import org.martlet.common.http.Headers;
import org.martlet.common.http.HttpClient;
import org.martlet.common.http.HttpFault;
import org.martlet.common.http.Request;
import org.martlet.common.http.Response;
import org.martlet.common.http.Timeouts;
import org.martlet.common.protocol.BackendHeaders;
import org.martlet.common.protocol.BackendSignature;
import org.martlet.common.protocol.BackgroundIds;
import org.martlet.common.protocol.UpdateBatch;

/// Sends batches of rows as signed `UPDATE` requests.
final class UpdateTransport implements ContainerSender.Transport {
  private static final int MAX_ANSWER = 1 << 20;

  private final HttpClient client;
  private final BackendSignature signature;
  private final Timeouts timeouts;
  private final BackgroundIds ids = new BackgroundIds("outbox", System.nanoTime());

  UpdateTransport(HttpClient client, BackendSignature signature, Timeouts timeouts) {
    this.client = client;
    this.signature = signature;
    this.timeouts = timeouts;
  }

  @Override
  public CompletableFuture<List<Integer>> send(
      ContainerNode node, List<UpdateBatch.RowUpdate> updates, List<String> origins) {
    byte[] body = UpdateBatch.encodeRows(updates);
    String target = "/" + node.device();
    Headers headers = Headers.of("Content-Type", "application/json");
    headers.set(BackendHeaders.TRANSACTION, ids.together(origins));
    signature.sign("UPDATE", target, body.length, headers);
    Request request = new Request("UPDATE", target, headers, Body.of(body));
    return client
        .send(node.endpoint(), request, timeouts)
        .response()
        .thenCompose(response -> results(response, updates.size()));
  }

  private static CompletableFuture<List<Integer>> results(Response response, int expected) {
    if (!response.isSuccess()) {
      response.body().close();
      String why = "it answered " + response.status();
      return CompletableFuture.failedFuture(
          BatchRejected.isMeantBy(response.status())
              ? new BatchRejected(why)
              : new HttpFault(HttpFault.Kind.PROTOCOL, why));
    }
    return Bodies.readAll(response.body(), MAX_ANSWER)
        .thenApply(bytes -> UpdateBatch.decodeResults(bytes, expected));
  }
}
