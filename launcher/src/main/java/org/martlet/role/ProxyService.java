package org.martlet.role;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.martlet.cluster.Cluster;
import org.martlet.common.http.HttpHandler;
import org.martlet.common.http.HttpServer;
import org.martlet.common.http.HttpServerConfig;
import org.martlet.common.http.MetricsPage;
import org.martlet.common.protocol.StoragePolicy;
import org.martlet.common.ring.RingHolder;
import org.martlet.proxyserver.ClusterParts;
import org.martlet.proxyserver.MetricsConfig;
import org.martlet.proxyserver.ProxyServer;
import org.martlet.proxyserver.ProxyServerConfig;
import org.martlet.proxyserver.ServerParts;
import org.martlet.proxyserver.backend.ProxyRings;

/// Wires the proxy.
public final class ProxyService {
  private static final int METRICS_CONNECTIONS = 64;

  private ProxyService() {}

  /// Starts to serve clients.
  ///
  /// @param version of this software, for `/info`
  public static ProxyServer start(
      ProxyServerConfig config, Cluster cluster, SharedRuntime runtime, String version)
      throws IOException {
    Map<Integer, RingHolder> objects = new HashMap<>();
    for (StoragePolicy policy : cluster.policies().all()) {
      objects.put(policy.index(), cluster.objectRing(policy));
    }
    return ProxyServer.start(
        config,
        new ClusterParts(
            new ProxyRings(cluster.accountRing(), cluster.containerRing(), objects),
            cluster.hasher(),
            cluster.policies(),
            cluster.signature(runtime.clock()),
            cluster.secret()),
        new ServerParts(
            runtime.loops(),
            runtime.client(),
            runtime.clock(),
            runtime.timestamps(),
            runtime.metrics().registry(),
            version,
            front(cluster, runtime)));
  }

  /// Serves the process's metrics on the port that is configured for them, if one is; shared with
  /// another proxy if clients' port is.
  public static void startMetrics(ProxyServerConfig config, SharedRuntime runtime, Running running)
      throws IOException {
    MetricsConfig metrics = config.metrics();
    if (metrics.port() == 0) {
      return;
    }
    HttpServerConfig http =
        HttpServerConfig.on(metrics.host(), metrics.port())
            .withMaxConnections(METRICS_CONNECTIONS)
            .withSharedPort(config.listen().sharedPort());
    running.add(
        "metrics",
        HttpServer.start(http, runtime.loops(), runtime.front(MetricsPage.of(runtime.metrics()))));
  }

  /// Rings come in where it can be told who sends them.
  private static UnaryOperator<HttpHandler> front(Cluster cluster, SharedRuntime runtime) {
    if (!cluster.signs()) {
      return runtime::front;
    }
    return api -> runtime.front(runtime.rings().beforeProxy(api));
  }
}
