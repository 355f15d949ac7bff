package org.martlet.common.http;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;

/// A server that says whatever a test wants it to, right or wrong.
final class ScriptedServer implements AutoCloseable {
  /// What happens on a connection; it is closed at the end.
  @FunctionalInterface
  interface Script {
    /// @param number of the connection, from 1
    void run(Peer peer, int number) throws IOException;
  }

  private final ServerSocket listener;
  private final AtomicInteger accepted = new AtomicInteger();

  private ScriptedServer(Script script) throws IOException {
    listener = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
    Thread.ofPlatform().daemon().start(() -> accept(script));
  }

  static ScriptedServer running(Script script) throws IOException {
    return new ScriptedServer(script);
  }

  Endpoint endpoint() {
    return new Endpoint("127.0.0.1", listener.getLocalPort());
  }

  int accepted() {
    return accepted.get();
  }

  private void accept(Script script) {
    while (!listener.isClosed()) {
      try {
        Socket socket = listener.accept();
        int number = accepted.incrementAndGet();
        Thread.ofPlatform().daemon().start(() -> serve(script, socket, number));
      } catch (IOException e) {
        return;
      }
    }
  }

  private static void serve(Script script, Socket socket, int number) {
    try (socket) {
      socket.setTcpNoDelay(true);
      script.run(new Peer(socket), number);
    } catch (IOException e) {
      // The client went away, which scripts do not mind.
      Thread.currentThread().setName("gone: " + e.getMessage());
    }
  }

  @Override
  public void close() throws IOException {
    listener.close();
  }

  /// The server's end of a connection.
  static final class Peer {
    private final Socket socket;
    private final InputStream in;

    Peer(Socket socket) throws IOException {
      this.socket = socket;
      this.in = new BufferedInputStream(socket.getInputStream());
    }

    String readHead() throws IOException {
      StringBuilder head = new StringBuilder();
      while (head.indexOf("\r\n\r\n") < 0) {
        int b = in.read();
        if (b < 0) {
          throw new IOException("no more requests");
        }
        head.append((char) b);
      }
      return head.toString();
    }

    String readBytes(int count) throws IOException {
      return new String(in.readNBytes(count), StandardCharsets.ISO_8859_1);
    }

    void readToEnd() throws IOException {
      in.readAllBytes();
    }

    Peer send(String text) throws IOException {
      OutputStream out = socket.getOutputStream();
      out.write(text.getBytes(StandardCharsets.ISO_8859_1));
      out.flush();
      return this;
    }

    void reset() throws IOException {
      socket.setSoLinger(true, 0);
      socket.close();
    }
  }
}
