package org.martlet.common.http;

/// Where a server listens.
///
/// @param host a name or an address (IPv6 without brackets)
/// @param port 1 to 65535
public record Endpoint(String host, int port) {
  public Endpoint {
    if (host.isEmpty()) {
      throw new IllegalArgumentException("a host is empty");
    }
    if (port < 1 || port > 65535) {
      throw new IllegalArgumentException("a port is not in 1..65535: " + port);
    }
  }

  /// `host:port`, an IPv6 address in brackets.
  @Override
  public String toString() {
    return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
  }
}
