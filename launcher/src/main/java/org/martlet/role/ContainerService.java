package org.martlet.role;

import com.google.common.base.Ticker;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.martlet.cluster.Cluster;
import org.martlet.common.http.HttpHandler;
import org.martlet.common.http.HttpServer;
import org.martlet.common.http.HttpServerConfig;
import org.martlet.common.http.MetricsPage;
import org.martlet.common.http.ServerMeters;
import org.martlet.common.http.UrlForm;
import org.martlet.containerserver.listing.DigestKey;
import org.martlet.containerserver.server.ContainerServer;
import org.martlet.containerserver.server.ContainerServerConfig;
import org.martlet.containerserver.server.Machine;
import org.martlet.containerserver.server.RingAccountTargets;
import org.martlet.containerserver.server.RingListings;
import org.martlet.log.StorageAccessLog;
import org.martlet.recon.DiskUses;
import org.martlet.recon.ReconContext;
import org.martlet.recon.ReconPage;

/// Running container and account services: their devices, two handlers, two ports.
final class ContainerService implements AutoCloseable {
  private final ContainerServer server;
  private final HttpServer containers;
  private final HttpServer accounts;
  private final LocalServer localContainers;
  private final LocalServer localAccounts;

  private ContainerService(
      ContainerServer server,
      HttpServer containers,
      HttpServer accounts,
      LocalServer localContainers,
      LocalServer localAccounts) {
    this.server = server;
    this.containers = containers;
    this.accounts = accounts;
    this.localContainers = localContainers;
    this.localAccounts = localAccounts;
  }

  /// The container service as the background work of this process reaches it.
  LocalServer localContainers() {
    return localContainers;
  }

  /// The account service as the background work of this process reaches it.
  LocalServer localAccounts() {
    return localAccounts;
  }

  /// Serves; devices open in the background and answer 507 until they are.
  static ContainerService start(
      ContainerServerConfig config,
      Cluster cluster,
      SharedRuntime runtime,
      BackgroundPage background,
      ReconContext context)
      throws IOException {
    DeviceDirectories.Found directories =
        DeviceDirectories.in(
            config.devices().root(), config.devices().names(), config.devices().mountCheck());
    DiskUses disks =
        DeviceDirectories.uses(
            config.devices().root(), directories, config.devices().mountCheck(), runtime.disk());
    LocalDevices containersHere =
        new LocalDevices(config.containers().host(), config.containers().port());
    LocalDevices accountsHere =
        new LocalDevices(config.accounts().host(), config.accounts().port());
    ContainerServer server =
        new ContainerServer(
            config,
            directories.devices(),
            new org.martlet.containerserver.server.Cluster(
                cluster.id(),
                cluster.hasher(),
                cluster.policies(),
                cluster.signature(runtime.clock()),
                new DigestKey(cluster.secret().reveal().getBytes(StandardCharsets.UTF_8))),
            new Machine(
                runtime.disk(),
                runtime.databases(),
                runtime.clock(),
                Ticker.systemTicker(),
                runtime.metrics().registry()),
            new RingAccountTargets(
                cluster.containerRing()::current,
                cluster.accountRing()::current,
                cluster.hasher(),
                containersHere),
            new RingListings(
                cluster.containerRing()::current,
                cluster.accountRing()::current,
                containersHere,
                accountsHere),
            runtime.client());
    @Nullable HttpServer containers = null;
    try {
      containers =
          listen(
              "container",
              config.containers(),
              background.before(
                  new ReconPage(context, "container", disks).before(server.containerHandler())),
              runtime);
      HttpServer accounts =
          listen(
              "account",
              config.accounts(),
              background.before(
                  new ReconPage(context, "account", disks).before(server.accountHandler())),
              runtime);
      server.start();
      runtime.readiness().add(() -> server.whyNotReady().map(why -> "container-server: " + why));
      Set<String> devices = directories.devices().keySet();
      return new ContainerService(
          server,
          containers,
          accounts,
          LocalServer.of(config.containers(), containers.port(), devices, containersHere),
          LocalServer.of(config.accounts(), accounts.port(), devices, accountsHere));
    } catch (IOException | RuntimeException e) {
      if (containers != null) {
        containers.close();
      }
      server.close();
      throw e;
    }
  }

  private static HttpServer listen(
      String name, HttpServerConfig config, HttpHandler handler, SharedRuntime runtime)
      throws IOException {
    return HttpServer.start(
        config,
        runtime.loops(),
        new MetricsPage(runtime.metrics(), runtime.front(handler)),
        ServerMeters.of(runtime.metrics().registry(), name, UrlForm.STORAGE),
        new StorageAccessLog("martlet." + name + ".access", runtime.clock()),
        runtime.clock());
  }

  /// Where it listens.
  List<HttpServer> ports() {
    return List.of(containers, accounts);
  }

  /// Stops listening, finishes what was let in, closes the databases.
  @Override
  public void close() {
    containers.close();
    accounts.close();
    server.close();
  }
}
