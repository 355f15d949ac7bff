package org.martlet.common.http;

import java.util.concurrent.CompletableFuture;

/// What a server does with a request.
@FunctionalInterface
public interface HttpHandler {
  /// Answers a request; the future may complete on any thread.
  ///
  /// - Errors: an exception or a failed future is logged with its stack trace and answered with
  /// 500; the very [HttpFault] that the request's body failed with is answered 408 (too slow), 400
  /// (malformed) or 499 (cut short) and not logged.
  /// - Threads: called on an event loop and must not block; [BlockingHandlers] moves a handler that
  ///   does onto threads of its own.
  CompletableFuture<Response> handle(ServerRequest request);
}
