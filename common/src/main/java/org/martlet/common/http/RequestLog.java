package org.martlet.common.http;

import java.net.InetSocketAddress;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// Hears of each request that a server let in, once it is over: for a log of them.
///
/// - Threads: called on event loops, so it must not block.
@FunctionalInterface
public interface RequestLog {
  /// Hears nothing.
  RequestLog NONE = request -> {};

  void ended(Ended request);

  /// A request and what became of it.
  ///
  /// @param request its body is no longer there
  /// @param client null if the connection was gone before that could be told
  /// @param status 499 if the client went away before it was answered
  /// @param whole whether the answer got through to its end, as far as the server can tell
  /// @param received bytes of the request's body that were read
  /// @param sent bytes of the answer's body
  /// @param policy the storage policy's index, or negative
  /// @param took from the request's head to the end of the answer
  record Ended(
      Request request,
      @Nullable InetSocketAddress client,
      int status,
      boolean whole,
      long received,
      long sent,
      int policy,
      Duration took) {}
}
