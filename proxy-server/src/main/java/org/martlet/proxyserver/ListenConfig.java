package org.martlet.proxyserver;

import java.time.Duration;
import org.martlet.common.config.ConfigTable;
import org.martlet.common.http.HttpServerConfig;
import org.martlet.common.http.MessageLimits;
import org.martlet.common.http.ServerTimeouts;
import org.martlet.proxyserver.api.Constraints;

/// Where clients connect, and how long they are waited for.
///
/// @param host an address or a name
/// @param port 0 lets the system choose
/// @param maxConnections open at once
/// @param maxRequestLine bytes of method, URL and version
/// @param timeouts how long clients are waited for
/// @param sharedPort whether another proxy on this machine may listen there, too
public record ListenConfig(
    String host,
    int port,
    int maxConnections,
    int maxRequestLine,
    ServerTimeouts timeouts,
    boolean sharedPort) {
  public static final int DEFAULT_PORT = 8080;

  static ListenConfig read(ConfigTable table) {
    MessageLimits limits = MessageLimits.DEFAULT;
    return new ListenConfig(
        table.text("bind_ip", "127.0.0.1"),
        table.integer("bind_port", DEFAULT_PORT, 0, 65_535),
        table.integer("max_connections", HttpServerConfig.DEFAULT_CONNECTIONS, 1, 1_000_000),
        table.integer("max_request_line", limits.startLine(), 1024, 65_536),
        timeouts(table),
        table.bool("share_port", false));
  }

  private static ServerTimeouts timeouts(ConfigTable table) {
    ServerTimeouts defaults = ServerTimeouts.DEFAULT;
    Duration head = table.duration("head_timeout", defaults.head());
    Duration idle = table.duration("keepalive_timeout", defaults.idle());
    Duration body = table.duration("client_timeout", defaults.body());
    Duration grace = table.duration("drain_grace", ServerTimeouts.USUAL_GRACE);
    Duration drain = table.duration("drain_timeout", defaults.drain());
    return new ServerTimeouts(head, idle, body, grace, drain);
  }

  public ListenConfig withHost(String other) {
    return new ListenConfig(other, port, maxConnections, maxRequestLine, timeouts, sharedPort);
  }

  public ListenConfig withPort(int other) {
    return new ListenConfig(host, other, maxConnections, maxRequestLine, timeouts, sharedPort);
  }

  /// What the transport is told.
  HttpServerConfig http(Constraints constraints) {
    MessageLimits defaults = MessageLimits.DEFAULT;
    int line = Math.max(defaults.fieldLine(), 2 * constraints.maxHeaderSize());
    MessageLimits limits =
        new MessageLimits(
            maxRequestLine,
            line,
            Math.max(defaults.fieldBytes(), line),
            constraints.maxHeaderCount());
    return new HttpServerConfig(
        host, port, limits, timeouts, maxConnections, HttpServerConfig.DEFAULT_CHUNK, sharedPort);
  }
}
