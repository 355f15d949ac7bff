package org.martlet.containerserver.server;

import java.nio.file.Path;
import java.util.List;
import org.martlet.common.config.ConfigTable;
import org.martlet.common.device.RejoinRule;
import org.martlet.common.http.HttpServerConfig;
import org.martlet.common.http.MessageLimits;
import org.martlet.common.http.ServerTimeouts;
import org.martlet.containerserver.listing.ListingStoreConfig;
import org.martlet.containerserver.listing.MetadataLimits;

/// The file `container-server.toml`: the account and container services of one machine.
///
/// @param containers where and how the container service listens
/// @param accounts where and how the account service listens
/// @param devices which devices they serve
/// @param requests how much work they take on
/// @param store bounds of each device's listings
/// @param metadata limits on user metadata
/// @param reports how containers are reported to accounts
public record ContainerServerConfig(
    HttpServerConfig containers,
    HttpServerConfig accounts,
    Devices devices,
    RequestLimits requests,
    ListingStoreConfig store,
    MetadataLimits metadata,
    AccountReporterConfig reports) {

  /// Which devices a server has.
  ///
  /// @param root every directory in it is a device, named as in the rings
  /// @param names only these; empty for all
  /// @param mountCheck whether a directory that is not the mount point of a disk is refused
  /// @param rejoin whether one that was away for long is refused
  public record Devices(Path root, List<String> names, boolean mountCheck, RejoinRule rejoin) {
    static Devices read(ConfigTable table) {
      return new Devices(
          table.requiredPath("root"),
          table.texts("names", List.of()),
          table.bool("mount_check", true),
          new RejoinRule(
              table.bool("rejoin_check", RejoinRule.DEFAULT.check()),
              table.duration("reclaim_age", RejoinRule.DEFAULT.reclaimAge())));
    }
  }

  /// Two listeners that differ in their ports only.
  private record Listeners(HttpServerConfig containers, HttpServerConfig accounts) {
    static Listeners read(ConfigTable table) {
      ServerTimeouts defaults = ServerTimeouts.DEFAULT;
      String host = table.text("host", "127.0.0.1");
      int containerPort = table.integer("container_port", 6201, 0, 65_535);
      int accountPort = table.integer("account_port", 6202, 0, 65_535);
      int connections =
          table.integer("max_connections", HttpServerConfig.DEFAULT_CONNECTIONS, 1, 1_000_000);
      ServerTimeouts timeouts =
          new ServerTimeouts(
              defaults.head(),
              table.duration("keep_alive", defaults.idle()),
              table.duration("body_timeout", defaults.body()),
              table.duration("drain_grace", ServerTimeouts.USUAL_GRACE),
              table.duration("drain", defaults.drain()));
      return new Listeners(
          on(host, containerPort, timeouts, connections),
          on(host, accountPort, timeouts, connections));
    }

    private static HttpServerConfig on(
        String host, int port, ServerTimeouts timeouts, int connections) {
      return new HttpServerConfig(
          host,
          port,
          MessageLimits.DEFAULT,
          timeouts,
          connections,
          HttpServerConfig.DEFAULT_CHUNK,
          false);
    }
  }

  /// Reads the whole file.
  public static ContainerServerConfig read(ConfigTable root) {
    Listeners listeners = root.table("server", Listeners::read);
    return new ContainerServerConfig(
        listeners.containers(),
        listeners.accounts(),
        root.table("devices", Devices::read),
        root.table("requests", RequestLimits::read),
        root.table("store", ContainerServerConfig::store),
        root.table("metadata", ContainerServerConfig::metadata),
        root.table("reports", AccountReporterConfig::read));
  }

  /// Everything by default.
  public static ContainerServerConfig on(
      String host, int containerPort, int accountPort, Path root) {
    ServerTimeouts timeouts = ServerTimeouts.DEFAULT.withGrace(ServerTimeouts.USUAL_GRACE);
    return new ContainerServerConfig(
        HttpServerConfig.on(host, containerPort).withTimeouts(timeouts),
        HttpServerConfig.on(host, accountPort).withTimeouts(timeouts),
        new Devices(root, List.of(), true, RejoinRule.DEFAULT),
        RequestLimits.DEFAULT,
        ListingStoreConfig.DEFAULT,
        MetadataLimits.DEFAULT,
        AccountReporterConfig.DEFAULT);
  }

  private static ListingStoreConfig store(ConfigTable table) {
    ListingStoreConfig defaults = ListingStoreConfig.DEFAULT;
    return new ListingStoreConfig(
        table.integer("queue_rows", defaults.queueRows(), 1, 10_000_000),
        table.integer("group_rows", defaults.groupRows(), 1, 1_000_000),
        table.duration("busy_after", defaults.busyAfter()),
        table.duration("hung_after", defaults.hungAfter()));
  }

  private static MetadataLimits metadata(ConfigTable table) {
    MetadataLimits defaults = MetadataLimits.DEFAULT;
    return new MetadataLimits(
        table.integer("max_count", defaults.maxCount(), 0, 100_000),
        table.integer("max_bytes", defaults.maxBytes(), 0, 10_000_000),
        table.duration("reclaim_age", defaults.reclaimAge()));
  }
}
