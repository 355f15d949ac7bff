package org.martlet.common.http;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/// Runs handlers that block on threads of their own.
public final class BlockingHandlers {
  private BlockingHandlers() {}

  /// A handler that may block.
  @FunctionalInterface
  public interface Blocking {
    Response handle(ServerRequest request) throws Exception;
  }

  /// Runs each request as a task of the executor, e.g. one that starts a virtual thread a task; a
  /// request that a bounded executor rejects is answered 503.
  public static HttpHandler on(Executor executor, Blocking handler) {
    return request -> {
      CompletableFuture<Response> answer = new CompletableFuture<>();
      try {
        executor.execute(() -> run(handler, request, answer));
      } catch (RejectedExecutionException e) {
        answer.complete(Response.text(503, "The server is busy.\n"));
      }
      return answer;
    };
  }

  private static void run(
      Blocking handler, ServerRequest request, CompletableFuture<Response> answer) {
    try {
      answer.complete(handler.handle(request));
    } catch (Throwable e) {
      answer.completeExceptionally(e);
    }
  }

  /// The value of a future, waited for; never on an event loop.
  ///
  /// - Errors: the [HttpFault] that the future fails with; any other failure, and an interrupt of
  ///   the waiting thread, as [HttpFault.Kind#ABORTED].
  public static <T> T await(CompletableFuture<T> future) throws HttpFault {
    try {
      return future.get();
    } catch (ExecutionException e) {
      throw HttpFault.of(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new HttpFault(HttpFault.Kind.ABORTED, "the waiting thread was interrupted", e);
    }
  }
}
