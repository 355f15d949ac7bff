package org.martlet.replicator.service;

import org.jspecify.annotations.Nullable;
import org.martlet.common.http.Headers;
import org.martlet.common.model.Timestamp;
import org.martlet.common.protocol.BackendHeaders;

/// A whole answer in memory, of a status below 500.
final class Reply {
  private final int status;
  private final Headers headers;
  private final byte[] body;

  Reply(int status, Headers headers, byte[] body) {
    this.status = status;
    this.headers = headers;
    this.body = body;
  }

  int status() {
    return status;
  }

  Headers headers() {
    return headers;
  }

  byte[] body() {
    return body;
  }

  boolean isSuccess() {
    return status / 100 == 2;
  }

  /// The newest clock of what the device has; null if it did not say.
  @Nullable Timestamp stored() {
    return clock(BackendHeaders.STORED_TIMESTAMP);
  }

  /// A clock in a header; null if there is none that can be read.
  @Nullable Timestamp clock(String name) {
    String text = headers.get(name);
    try {
      return text == null ? null : Timestamp.parse(text.strip());
    } catch (IllegalArgumentException e) {
      return null;
    }
  }
}
