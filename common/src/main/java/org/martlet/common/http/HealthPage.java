package org.martlet.common.http;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.martlet.common.runtime.Readiness;

/// Answers `GET /ready`: 200 `ready`, or 503 with a line for each reason why the process should get
/// no work now. Needs no signature and no token.
///
/// `GET /healthcheck` says that the process works and is answered by the server behind this, unless
/// an operator has put a certain file in place: then 503 `DISABLED BY FILE`, as Swift does, and
/// `/ready` says so, too.
///
/// - Threads: any; looks for the file on the executor.
public final class HealthPage {
  private static final String LIVE = "/healthcheck";
  private static final String READY = "/ready";
  private static final String DISABLED = "DISABLED BY FILE";

  private final Readiness readiness;
  private final Optional<Path> disablingFile;
  private final Executor executor;

  /// @param disablingFile makes both answers 503 while it is there
  /// @param executor may block on the disk
  public HealthPage(Readiness readiness, Optional<Path> disablingFile, Executor executor) {
    this.readiness = readiness;
    this.disablingFile = disablingFile;
    this.executor = executor;
  }

  /// In front of a server's handler.
  public HttpHandler before(HttpHandler behind) {
    return server -> {
      Request request = server.request();
      String path = request.rawPath();
      boolean reads = request.method().equals("GET") || request.method().equals("HEAD");
      if (reads && path.equals(READY)) {
        return disabled().thenApply(disabled -> ready(request, disabled));
      }
      if (reads && path.equals(LIVE) && disablingFile.isPresent()) {
        return disabled()
            .thenCompose(
                disabled ->
                    disabled
                        ? CompletableFuture.completedFuture(answer(request, 503, DISABLED))
                        : behind.handle(server));
      }
      return behind.handle(server);
    };
  }

  private CompletableFuture<Boolean> disabled() {
    try {
      return disablingFile
          .map(file -> CompletableFuture.supplyAsync(() -> Files.exists(file), executor))
          .orElseGet(() -> CompletableFuture.completedFuture(false));
    } catch (RejectedExecutionException e) {
      // It cannot be told now, and a busy server is no reason to say that it is to be left alone.
      return CompletableFuture.completedFuture(false);
    }
  }

  private Response ready(Request request, boolean disabled) {
    List<String> reasons = readiness.whyNot();
    if (disabled) {
      return answer(request, 503, DISABLED);
    }
    return reasons.isEmpty()
        ? answer(request, 200, "ready\n")
        : answer(request, 503, String.join("\n", reasons) + "\n");
  }

  private static Response answer(Request request, int status, String text) {
    Response response = Response.text(status, text);
    if (!request.method().equals("HEAD")) {
      return response;
    }
    response.headers().set("Content-Length", Long.toString(response.body().length()));
    return Response.empty(status, response.headers());
  }
}
