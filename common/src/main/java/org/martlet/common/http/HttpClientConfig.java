package org.martlet.common.http;

import java.time.Duration;

/// How a client keeps its connections.
///
/// @param maxPerEndpoint connections to one server, busy ones included
/// @param maxIdlePerEndpoint connections to one server that are kept for later
/// @param maxTotal connections to all servers
/// @param maxWaiting requests to one server that wait for a connection
/// @param idle how long an unused connection is kept; less than the servers keep it
/// @param limits of the heads of answers
/// @param chunkSize bytes of a body handed over at once, at most
public record HttpClientConfig(
    int maxPerEndpoint,
    int maxIdlePerEndpoint,
    int maxTotal,
    int maxWaiting,
    Duration idle,
    MessageLimits limits,
    int chunkSize) {
  public static final HttpClientConfig DEFAULT =
      new HttpClientConfig(
          1024, 64, 4096, 1024, Duration.ofSeconds(30), MessageLimits.DEFAULT, 65_536);

  public HttpClientConfig {
    if (maxPerEndpoint < 1 || maxIdlePerEndpoint < 0 || maxTotal < 1 || maxWaiting < 0) {
      throw new IllegalArgumentException("a limit of connections is too small");
    }
    if (!idle.isPositive()) {
      throw new IllegalArgumentException("the time that idle connections are kept is not positive");
    }
    if (chunkSize < 512 || chunkSize > 1 << 20) {
      throw new IllegalArgumentException("a chunk size is not in 512..1048576: " + chunkSize);
    }
  }

  public HttpClientConfig withConnections(int perEndpoint, int idlePerEndpoint, int waiting) {
    return new HttpClientConfig(
        perEndpoint, idlePerEndpoint, maxTotal, waiting, idle, limits, chunkSize);
  }

  public HttpClientConfig withIdle(Duration other) {
    return new HttpClientConfig(
        maxPerEndpoint, maxIdlePerEndpoint, maxTotal, maxWaiting, other, limits, chunkSize);
  }
}
