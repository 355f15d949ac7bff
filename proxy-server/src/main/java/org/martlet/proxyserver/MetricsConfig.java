package org.martlet.proxyserver;

import org.martlet.common.config.ConfigTable;

/// Where the proxy's metrics are served: on a port of their own, since clients reach the other.
///
/// @param host an address or a name
/// @param port 0 for none
public record MetricsConfig(String host, int port) {
  public static final MetricsConfig NONE = new MetricsConfig("127.0.0.1", 0);

  static MetricsConfig read(ConfigTable table) {
    return new MetricsConfig(
        table.text("bind_ip", NONE.host()), table.integer("bind_port", NONE.port(), 0, 65_535));
  }
}
