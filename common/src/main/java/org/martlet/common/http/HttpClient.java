package org.martlet.common.http;

import java.util.concurrent.CompletableFuture;

/// Sends requests to servers over pooled keep-alive connections.
///
/// - Errors: futures fail with [HttpFault]. A request without a body or with a body in memory is
/// repeated once by itself when a *reused* connection turns out to be closed before a byte of the
///   answer came.
/// - Threads: any; nothing here blocks. Futures complete on event loops: what hangs on them must
///   not block.
public interface HttpClient extends AutoCloseable {
  /// Sends a request and its whole body.
  Call send(Endpoint to, Request request, Timeouts timeouts);

  /// Sends a request's head with `Expect: 100-continue` and waits before the body; `request.body()`
  /// is pulled only after [Upload#proceed].
  Upload open(Endpoint to, Request request, Timeouts timeouts);

  @Override
  void close();

  /// A request under way.
  interface Call {
    /// The answer; its body is still to be read.
    CompletableFuture<Response> response();

    /// Gives up and closes the connection; the response fails with [HttpFault.Kind#ABORTED] if it
    /// has not come. Does nothing after the answer was read.
    void abort();
  }

  /// A request whose body waits for the server's consent.
  interface Upload extends Call {
    /// True when the server sent `100 Continue`; false when it sent a final answer instead, which
    /// is then in [#response].
    CompletableFuture<Boolean> consent();

    /// The headers of `100 Continue`; empty before.
    Headers continueHeaders();

    /// Starts to pull and send the body; call once, after consent.
    void proceed();
  }
}
