package org.martlet.common.http;

/// How a server listens and what it takes.
///
/// @param host the address to bind
/// @param port 0 to 65535; 0 lets the system choose
/// @param limits of message heads
/// @param timeouts for clients
/// @param maxConnections open at once; more are answered 503 and closed
/// @param chunkSize bytes of a body handed over at once, at most
/// @param sharedPort whether other processes that say the same may listen on the port, too: the
///     system spreads connections over them. So one process can take over from another.
public record HttpServerConfig(
    String host,
    int port,
    MessageLimits limits,
    ServerTimeouts timeouts,
    int maxConnections,
    int chunkSize,
    boolean sharedPort) {
  public static final int DEFAULT_CONNECTIONS = 2048;
  public static final int DEFAULT_CHUNK = 65_536;

  public HttpServerConfig {
    if (host.isEmpty() || port < 0 || port > 65535) {
      throw new IllegalArgumentException("not an address to listen on: " + host + " port " + port);
    }
    if (maxConnections < 1) {
      throw new IllegalArgumentException("a server takes no connections");
    }
    if (chunkSize < 512 || chunkSize > 1 << 20) {
      throw new IllegalArgumentException("a chunk size is not in 512..1048576: " + chunkSize);
    }
  }

  /// The defaults on an address.
  public static HttpServerConfig on(String host, int port) {
    return new HttpServerConfig(
        host,
        port,
        MessageLimits.DEFAULT,
        ServerTimeouts.DEFAULT,
        DEFAULT_CONNECTIONS,
        DEFAULT_CHUNK,
        false);
  }

  public HttpServerConfig withTimeouts(ServerTimeouts other) {
    return new HttpServerConfig(host, port, limits, other, maxConnections, chunkSize, sharedPort);
  }

  public HttpServerConfig withMaxConnections(int other) {
    return new HttpServerConfig(host, port, limits, timeouts, other, chunkSize, sharedPort);
  }

  public HttpServerConfig withSharedPort(boolean other) {
    return new HttpServerConfig(host, port, limits, timeouts, maxConnections, chunkSize, other);
  }
}
