package org.martlet.common.http;

/// The first line of an answer.
///
/// @param status 100 to 599
/// @param minor 0 or 1, of HTTP/1.x
record StatusLine(int status, int minor) {
  static StatusLine parse(String line) throws BadMessage {
    boolean whole = line.length() >= 12 && line.charAt(8) == ' ';
    if (!whole || (line.length() > 12 && line.charAt(12) != ' ')) {
      throw new BadMessage("no status line");
    }
    int status = 0;
    for (int i = 9; i < 12; i++) {
      int digit = line.charAt(i) - '0';
      if (digit < 0 || digit > 9) {
        throw new BadMessage("no status line");
      }
      status = status * 10 + digit;
    }
    if (status < 100 || status > 599) {
      throw new BadMessage("a status out of range: " + status);
    }
    return new StatusLine(status, RequestLine.minorOf(line.substring(0, 8)));
  }

  /// Whether the server keeps the connection.
  boolean keepsAlive(Headers headers) {
    return ConnectionOptions.keepsAlive(headers, minor);
  }
}
