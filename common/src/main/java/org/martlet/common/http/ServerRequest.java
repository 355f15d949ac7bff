package org.martlet.common.http;

import java.net.InetSocketAddress;

/// A request that a server received, with what only the connection knows.
public interface ServerRequest {
  Request request();

  InetSocketAddress remoteAddress();

  /// Whether the client waits for `100 Continue` before it sends the body. The server sends it by
  /// itself when the body is first pulled; a response that comes before means that the body is
  /// never read.
  boolean expectsContinue();

  /// Sends `100 Continue` now, with headers of its own; at most once, and not after the body was
  /// pulled.
  void sendContinue(Headers headers);

  /// Says which storage policy the request turned out to concern, so that it is counted by it;
  /// before the answer.
  default void concerns(int policyIndex) {}

  /// The body's declared length, or -1 for chunked; never negative otherwise.
  default long declaredLength() {
    return request().body().length();
  }
}
