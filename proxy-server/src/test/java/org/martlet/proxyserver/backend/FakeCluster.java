package org.martlet.proxyserver.backend;

import com.google.common.base.Ticker;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicReference;
import org.martlet.common.model.DeviceId;
import org.martlet.common.model.ObjectHash;
import org.martlet.common.model.ObjectPath;
import org.martlet.common.model.PathHasher;
import org.martlet.common.protocol.BackendSignature;
import org.martlet.common.ring.Ring;
import org.martlet.common.ring.RingDevice;
import org.martlet.common.ring.RingHolder;
import org.martlet.proxyserver.quorum.WriteQuorum;

/// A [Cluster] over [FakeServers]: three replicas on six devices, by default each on a server of
/// its own.
public final class FakeCluster {
  public static final int DEVICES = 6;
  private static final int PART_POWER = 2;

  /// No device is faster than another.
  private static final Ticker STOPPED =
      new Ticker() {
        @Override
        public long read() {
          return 0;
        }
      };

  /// That a device said to have taken a change which others missed.
  public record Missed(String witness, ObjectHash hash) {}

  public final FakeServers servers = new FakeServers();
  public final BlockingQueue<Missed> missed = new LinkedBlockingQueue<>();
  public final AtomicReference<Instant> now = new AtomicReference<>(Instant.ofEpochSecond(1000));
  public final ErrorLimiter limiter;
  public final Cluster cluster;
  private final InstantSource clock = now::get;

  /// Waits for every device, so that tests need not care how fast they are.
  public FakeCluster() {
    this(Duration.ofSeconds(15));
  }

  /// @param grace how long devices are waited for that are not needed for a quorum
  public FakeCluster(Duration grace) {
    this(grace, DEVICES);
  }

  /// @param machines that the devices are on, 3 or 6
  public FakeCluster(Duration grace, int machines) {
    Ring ring = ring(3, machines);
    for (RingDevice device : ring.devices()) {
      servers.add(device.device());
    }
    BackendConfig config =
        new BackendConfig(
            Duration.ofSeconds(1),
            Duration.ofSeconds(5),
            grace,
            10,
            Duration.ofSeconds(60),
            WriteQuorum.MAJORITY,
            2);
    limiter = new ErrorLimiter(config.errorLimit(), config.errorInterval(), clock);
    RingHolder holder = new RingHolder(ring);
    cluster =
        new Cluster(
            new ProxyRings(holder, holder, Map.of(0, holder)),
            new PathHasher("pre", "suf"),
            new BackendClient(servers, BackendSignature.none(clock), limiter, config),
            config,
            new ReadOrder(STOPPED, () -> new Random(42)),
            (witness, policy, hash) -> missed.add(new Missed(witness.device().device(), hash)));
  }

  public static Ring ring(int replicas) {
    return ring(replicas, DEVICES);
  }

  private static Ring ring(int replicas, int machines) {
    List<RingDevice> devices = new ArrayList<>();
    for (int i = 0; i < DEVICES; i++) {
      devices.add(RingDevice.of(new DeviceId(i), 1, i, "10.0.0." + i % machines, 6200, "d" + i, 1));
    }
    int[][] rows = new int[replicas][1 << PART_POWER];
    for (int row = 0; row < replicas; row++) {
      for (int part = 0; part < 1 << PART_POWER; part++) {
        rows[row][part] = (part + row) % DEVICES;
      }
    }
    // The last devices hold partitions too: they are handoffs for the others.
    return Ring.of(PART_POWER, devices, rows, 1);
  }

  public InstantSource clock() {
    return clock;
  }

  public ObjectHash hash(String account, String container, String object) {
    return cluster.place(ObjectPath.object(account, container, object), 0).hash();
  }

  /// The devices that should hold an object, in the order of the ring.
  public List<FakeDevice> primaries(String account, String container, String object) {
    return cluster.place(ObjectPath.object(account, container, object), 0).primaries().stream()
        .map(device -> servers.device(device.device()))
        .toList();
  }

  /// The other devices, as they stand in.
  public List<FakeDevice> handoffs(String account, String container, String object) {
    List<FakeDevice> found = new ArrayList<>();
    Placement placement = cluster.place(ObjectPath.object(account, container, object), 0);
    placement
        .ring()
        .handoffs(placement.partition())
        .forEach(device -> found.add(servers.device(device.device())));
    return found;
  }
}
