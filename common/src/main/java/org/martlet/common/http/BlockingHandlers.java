package org.martlet.common.http;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;

/// Runs handlers that block on threads of their own.
public final class BlockingHandlers {
  private BlockingHandlers() {}

  /// A handler that may block.
  @FunctionalInterface
  public interface Blocking {
    Response handle(ServerRequest request) throws Exception;
  }

  /// Runs each request as a task of the executor, e.g. one that starts a virtual thread a task.
  public static HttpHandler on(Executor executor, Blocking handler) {
    return request -> {
      CompletableFuture<Response> answer = new CompletableFuture<>();
      executor.execute(
          () -> {
            try {
              answer.complete(handler.handle(request));
            } catch (Throwable e) {
              answer.completeExceptionally(e);
            }
          });
      return answer;
    };
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
