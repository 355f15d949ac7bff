package org.martlet.common.http;

/// What a `Connection` header says.
final class ConnectionOptions {
  private ConnectionOptions() {}

  /// Whether the connection outlives the message.
  ///
  /// @param minor of HTTP/1.x: from 1 on, that is so unless `close` is said
  static boolean keepsAlive(Headers headers, int minor) {
    boolean keep = minor > 0;
    for (String value : headers.all("Connection")) {
      for (String option : value.split(",", -1)) {
        if (option.strip().equalsIgnoreCase("close")) {
          return false;
        }
        keep |= option.strip().equalsIgnoreCase("keep-alive");
      }
    }
    return keep;
  }
}
