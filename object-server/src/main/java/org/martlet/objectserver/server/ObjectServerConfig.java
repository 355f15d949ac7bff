package org.martlet.objectserver.server;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.martlet.common.config.ConfigTable;
import org.martlet.common.device.RejoinRule;
import org.martlet.common.disk.SpaceMarks;
import org.martlet.common.http.HttpServerConfig;
import org.martlet.common.http.MessageLimits;
import org.martlet.common.http.ServerTimeouts;
import org.martlet.common.http.Timeouts;
import org.martlet.common.model.ByteSize;
import org.martlet.objectserver.outbox.OutboxConfig;
import org.martlet.objectserver.store.DeviceStoreConfig;

/// The file `object-server.toml`.
///
/// @param http where and how it listens
/// @param devices which devices it serves
/// @param requests how much work a device takes on at once
/// @param memory bounds of the memory for bodies
/// @param store how each device is run
/// @param outbox how listing updates are sent
public record ObjectServerConfig(
    HttpServerConfig http,
    Devices devices,
    RequestLimits requests,
    Memory memory,
    Store store,
    OutboxConfig outbox) {

  /// @throws IllegalArgumentException if there is memory for not even one body, naming every such
  ///     case
  public ObjectServerConfig {
    List<String> problems = new ArrayList<>();
    if (store.inlineLimit().bytes() > memory.incoming().bytes()) {
      problems.add(
          "store.inline_limit (%s) is larger than memory.incoming (%s): no small body would ever fit"
              .formatted(store.inlineLimit(), memory.incoming()));
    }
    if (requests.readChunk().bytes() > memory.outgoing().bytes()) {
      problems.add(
          "requests.read_chunk (%s) is larger than memory.outgoing (%s): nothing could be read"
              .formatted(requests.readChunk(), memory.outgoing()));
    }
    if (!problems.isEmpty()) {
      throw new IllegalArgumentException(String.join("; ", problems));
    }
  }

  /// Which devices a server has.
  ///
  /// @param root every directory in it is a device, named as in the ring
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

  /// How much memory bodies may take, in all servers of one JVM that share it.
  ///
  /// @param incoming for small bodies until they are stored
  /// @param outgoing for what was read from disk until it is sent
  public record Memory(ByteSize incoming, ByteSize outgoing) {
    public static final Memory DEFAULT = new Memory(ByteSize.ofMiB(64), ByteSize.ofMiB(128));
    private static final int WAITERS = 4096;

    public Memory {
      if (incoming.bytes() < 1 << 20 || outgoing.bytes() < 2 << 20) {
        throw new IllegalArgumentException(
            "memory for bodies is less than 1 MiB (incoming) or 2 MiB (outgoing)");
      }
    }

    static Memory read(ConfigTable table) {
      return new Memory(
          table.size("incoming", DEFAULT.incoming), table.size("outgoing", DEFAULT.outgoing));
    }

    /// @param maxWait how long a body may wait for memory
    public BodyBudget budget(Duration maxWait) {
      return new BodyBudget(incoming, WAITERS, maxWait);
    }
  }

  /// How each device is run.
  ///
  /// @param inlineLimit bodies up to this size share files with others
  /// @param volumeLimit the size at which a new volume is begun
  /// @param space what is kept free
  /// @param compaction how the space of garbage is given back
  /// @param audit how rot is looked for
  /// @param leafBits leading hash bits of a digest leaf, at least the largest part power
  public record Store(
      ByteSize inlineLimit,
      ByteSize volumeLimit,
      SpaceMarks space,
      DeviceStoreConfig.Compaction compaction,
      DeviceStoreConfig.Audit audit,
      int leafBits) {
    private static final DeviceStoreConfig ENGINE = DeviceStoreConfig.of(Path.of("."));

    static final Store DEFAULT =
        new Store(
            ENGINE.inlineLimit(),
            ENGINE.volumeLimit(),
            ENGINE.space(),
            ENGINE.background().compaction(),
            ENGINE.background().audit(),
            ENGINE.leafBits());

    static Store read(ConfigTable table) {
      Store read =
          new Store(
              table.size("inline_limit", DEFAULT.inlineLimit),
              table.size("volume_limit", DEFAULT.volumeLimit),
              SpaceMarks.ofPercent(
                  table.decimal("reserve_percent", DEFAULT.space.reservePercent(), 0, 100),
                  table.decimal(
                      "reserve_hard_percent", DEFAULT.space.reserveHardPercent(), 0, 100)),
              new DeviceStoreConfig.Compaction(
                  table.decimal("garbage_percent", DEFAULT.garbagePercent(), 1, 100) / 100,
                  table.size("compaction_rate", DEFAULT.compaction.bytesPerSecond()),
                  table.duration("compaction_interval", DEFAULT.compaction.interval())),
              new DeviceStoreConfig.Audit(
                  table.size("audit_rate", DEFAULT.audit.bytesPerSecond()),
                  table.duration("audit_interval", DEFAULT.audit.interval())),
              table.integer("leaf_bits", DEFAULT.leafBits, 0, 24));
      // What the engine refuses is a problem of this table, not a surprise at the start.
      read.device(Path.of("."));
      return read;
    }

    private double garbagePercent() {
      return compaction.garbageShare() * 100;
    }

    /// The engine's settings for the device in a directory.
    public DeviceStoreConfig device(Path root) {
      return new DeviceStoreConfig(
          root,
          inlineLimit,
          volumeLimit,
          space,
          ENGINE.queue(),
          new DeviceStoreConfig.Background(ENGINE.background().flush(), compaction, audit),
          leafBits);
    }
  }

  /// Reads the whole file.
  public static ObjectServerConfig read(ConfigTable root) {
    return new ObjectServerConfig(
        root.table("server", ObjectServerConfig::http),
        root.table("devices", Devices::read),
        root.table("requests", ObjectServerConfig::requests),
        root.table("memory", Memory::read),
        root.table("store", Store::read),
        root.table("outbox", ObjectServerConfig::outbox));
  }

  private static HttpServerConfig http(ConfigTable table) {
    ServerTimeouts timeouts = ServerTimeouts.DEFAULT;
    return new HttpServerConfig(
        table.text("host", "127.0.0.1"),
        table.integer("port", 6200, 0, 65_535),
        MessageLimits.DEFAULT,
        new ServerTimeouts(
            timeouts.head(),
            table.duration("keep_alive", timeouts.idle()),
            table.duration("body_timeout", timeouts.body()),
            table.duration("drain_grace", ServerTimeouts.USUAL_GRACE),
            table.duration("drain", timeouts.drain())),
        table.integer("max_connections", HttpServerConfig.DEFAULT_CONNECTIONS, 1, 1_000_000),
        HttpServerConfig.DEFAULT_CHUNK,
        false);
  }

  private static RequestLimits requests(ConfigTable table) {
    RequestLimits defaults = RequestLimits.DEFAULT;
    return new RequestLimits(
        table.integer("threads_per_device", defaults.threads(), 1, 256),
        table.integer("queue", defaults.queue(), 1, 1_000_000),
        table.duration("queue_wait", defaults.queueWait()),
        table.size("read_chunk", defaults.readChunk()));
  }

  private static OutboxConfig outbox(ConfigTable table) {
    OutboxConfig defaults = OutboxConfig.DEFAULT;
    return new OutboxConfig(
        table.duration("answer_wait", defaults.answerWait()),
        table.duration("bypass", defaults.bypass()),
        table.duration("retry_max", defaults.retryMax()),
        table.duration("interval", defaults.interval()),
        table.duration("reclaim_age", defaults.reclaimAge()),
        new Timeouts(
            table.duration("connect_timeout", defaults.timeouts().connect()),
            table.duration("response_timeout", defaults.timeouts().response()),
            defaults.timeouts().idle()),
        table.integer("queue", defaults.queue(), 1, 1_000_000));
  }
}
