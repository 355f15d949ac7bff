package org.martlet.e2e;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;

/// Sends bytes as they are, right or wrong, and reads what comes back until the server closes or
/// falls silent.
final class RawHttp {
  private RawHttp() {}

  /// What a server answered.
  ///
  /// @param status the first line's code, 0 if nothing came
  /// @param head status line and headers
  /// @param body what followed the head
  record Answer(int status, String head, String body) {}

  static Answer exchange(String url, String request) throws IOException {
    return exchange(url, request.getBytes(StandardCharsets.ISO_8859_1), true);
  }

  /// @param finish whether the sending side is closed after the request
  static Answer exchange(String url, byte[] request, boolean finish) throws IOException {
    URI target = URI.create(url);
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(target.getHost(), target.getPort()), 10_000);
      socket.setSoTimeout(3_000);
      socket.getOutputStream().write(request);
      socket.getOutputStream().flush();
      if (finish) {
        socket.shutdownOutput();
      }
      return parse(readAll(socket.getInputStream()));
    }
  }

  private static String readAll(InputStream in) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    byte[] buffer = new byte[8192];
    try {
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        bytes.write(buffer, 0, n);
      }
    } catch (SocketTimeoutException e) {
      // The server keeps the connection open: what came is the answer.
      return bytes.toString(StandardCharsets.ISO_8859_1);
    }
    return bytes.toString(StandardCharsets.ISO_8859_1);
  }

  private static Answer parse(String text) {
    String rest =
        text.startsWith("HTTP/1.1 100") ? text.substring(text.indexOf("\r\n\r\n") + 4) : text;
    int end = rest.indexOf("\r\n\r\n");
    if (end < 0) {
      return new Answer(0, rest, "");
    }
    int status = Integer.parseInt(rest.substring(9, 12));
    return new Answer(status, rest.substring(0, end), rest.substring(end + 4));
  }
}
