package org.martlet.objectserver.server;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.martlet.common.http.Bodies;
import org.martlet.common.http.Body;
import org.martlet.common.http.Endpoint;
import org.martlet.common.http.EventLoops;
import org.martlet.common.http.Headers;
import org.martlet.common.http.HttpServer;
import org.martlet.common.http.HttpServerConfig;
import org.martlet.common.http.Response;
import org.martlet.common.http.ServerRequest;
import org.martlet.common.protocol.BackendSignature;
import org.martlet.common.protocol.ListingRow;
import org.martlet.common.protocol.UpdateBatch;

/// A container server that keeps rows in memory, and fails as it is told.
public final class ContainerDouble implements AutoCloseable {
  /// A request that arrived.
  ///
  /// @param device that it was for
  public record Batch(String device, List<UpdateBatch.RowUpdate> updates) {
    public int rows() {
      return updates.stream().mapToInt(update -> update.rows().size()).sum();
    }
  }

  private final HttpServer server;
  private final BackendSignature signature;
  private final Map<String, ListingRow> rows = new ConcurrentHashMap<>();
  private final LinkedBlockingQueue<Batch> batches = new LinkedBlockingQueue<>();
  private volatile Function<Batch, CompletableFuture<Response>> behaviour = this::store;

  public ContainerDouble(EventLoops loops, BackendSignature signature) throws IOException {
    this.signature = signature;
    this.server = HttpServer.start(HttpServerConfig.on("127.0.0.1", 0), loops, this::handle);
  }

  public Endpoint endpoint() {
    return new Endpoint("127.0.0.1", server.port());
  }

  /// From now on it answers so.
  public void behave(Function<Batch, CompletableFuture<Response>> behaviour) {
    this.behaviour = behaviour;
  }

  public void answerWith(int status) {
    behave(batch -> CompletableFuture.completedFuture(Response.empty(status)));
  }

  /// One status for every update of a batch.
  public void answerEachWith(int status) {
    behave(batch -> CompletableFuture.completedFuture(results(batch, status)));
  }

  /// Keeps all rows and says so.
  public CompletableFuture<Response> store(Batch batch) {
    batch
        .updates()
        .forEach(
            update ->
                update
                    .rows()
                    .forEach(
                        row ->
                            rows.put(batch.device() + update.container() + "/" + row.name(), row)));
    return CompletableFuture.completedFuture(results(batch, 201));
  }

  private static Response results(Batch batch, int status) {
    List<Integer> statuses = new ArrayList<>();
    batch.updates().forEach(update -> statuses.add(status));
    return new Response(200, new Headers(), Body.of(UpdateBatch.encodeResults(statuses)));
  }

  private CompletableFuture<Response> handle(ServerRequest request) {
    String refusal =
        signature.refusal(
            request.request().method(),
            request.request().target(),
            request.declaredLength(),
            request.request().headers());
    if (refusal != null || !request.request().method().equals("UPDATE")) {
      return CompletableFuture.completedFuture(Response.empty(401));
    }
    return Bodies.readAll(request.request().body(), UpdateBatch.MAX_BYTES)
        .thenCompose(
            body -> {
              Batch batch =
                  new Batch(request.request().rawPath().substring(1), UpdateBatch.decodeRows(body));
              batches.add(batch);
              return behaviour.apply(batch);
            });
  }

  /// The next request, waited for.
  public Batch nextBatch() throws InterruptedException {
    Batch batch = batches.poll(10, TimeUnit.SECONDS);
    if (batch == null) {
      throw new AssertionError("no update came within 10 seconds");
    }
    return batch;
  }

  public int batchesWaiting() {
    return batches.size();
  }

  /// The row of a path such as `c0/a/c/o`, null if there is none.
  public ListingRow row(String deviceAndPath) {
    return rows.get(deviceAndPath);
  }

  public int rowCount() {
    return rows.size();
  }

  @Override
  public void close() {
    server.close();
  }
}
