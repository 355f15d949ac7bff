package org.martlet.objectserver.server;

import org.martlet.common.http.Body;
import org.martlet.common.http.Headers;
import org.martlet.common.http.Response;

/// Answers in the forms of `org.martlet.common.replication`.
final class PeerAnswers {
  private PeerAnswers() {}

  static Headers binary() {
    return Headers.of("Content-Type", "application/octet-stream");
  }

  static Response of(byte[] content) {
    return of(binary(), content);
  }

  static Response of(Headers headers, byte[] content) {
    return new Response(200, headers, Body.of(content));
  }
}
