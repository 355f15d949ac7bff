package org.martlet.up;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.martlet.UserMistake;
import org.martlet.common.model.DeviceId;
import org.martlet.common.ring.RingDevice;
import org.martlet.ringbuilder.builder.RingBuilder;
import org.martlet.ringbuilder.builder.RingBuilderException;
import org.martlet.ringbuilder.file.BuilderFile;

/// The rings of an embedded cluster and the ports that they name.
///
/// The ports are chosen once and kept in the rings, as in any cluster. Where another program has
/// taken one in the meantime, the rings are written anew with a free one; no data moves by that.
final class EmbeddedRings {
  static final String HOST = "127.0.0.1";
  private static final int REGION = 1;
  private static final double WEIGHT = 100;
  private static final int MIN_PART_HOURS = 1;
  private static final long SEED = 1;

  private final DataDirectory directory;
  private final Map<Kind, Integer> ports = new EnumMap<>(Kind.class);

  EmbeddedRings(DataDirectory directory) {
    this.directory = directory;
  }

  /// The services of a storage node, with the port that each has by convention.
  enum Kind {
    OBJECT("object", 6200),
    CONTAINER("container", 6201),
    ACCOUNT("account", 6202);

    final String ring;
    private final int usualPort;

    Kind(String ring, int usualPort) {
      this.ring = ring;
      this.usualPort = usualPort;
    }
  }

  /// Makes the rings that are missing and mends the ports that are taken.
  void prepare(InstantSource clock) throws IOException {
    Set<Integer> taken = new HashSet<>();
    try {
      for (Kind kind : Kind.values()) {
        try (BuilderFile file =
            BuilderFile.open(directory.rings().resolve(kind.ring + ".builder"))) {
          prepare(kind, file, taken, clock);
        }
      }
    } catch (RingBuilderException e) {
      throw new UserMistake("the rings in " + directory.rings() + ": " + e.getMessage(), e);
    }
  }

  private void prepare(Kind kind, BuilderFile file, Set<Integer> taken, InstantSource clock)
      throws IOException, RingBuilderException {
    // What a first start that failed has left was made for other options, perhaps.
    boolean exists = file.exists() && !directory.created();
    RingBuilder builder = exists ? file.load() : create(kind, taken, clock);
    int port = portOf(builder);
    boolean move = exists && (taken.contains(port) || !isFree(port));
    if (move) {
      port = freePort(0, taken);
      movePort(builder, port);
    }
    if (!exists || move || !Files.exists(file.ringPath())) {
      file.save(builder);
      file.writeRing(builder);
    }
    taken.add(port);
    ports.put(kind, port);
  }

  int port(Kind kind) {
    return ports.getOrDefault(kind, kind.usualPort);
  }

  private RingBuilder create(Kind kind, Set<Integer> taken, InstantSource clock)
      throws IOException, RingBuilderException {
    RingBuilder builder =
        RingBuilder.create(UpOptions.PART_POWER, directory.identity().replicas(), MIN_PART_HOURS);
    int port = freePort(kind.usualPort, taken);
    List<String> names = directory.deviceNames();
    for (int i = 0; i < names.size(); i++) {
      builder.add(RingDevice.of(new DeviceId(i), REGION, i + 1, HOST, port, names.get(i), WEIGHT));
    }
    builder.rebalance(SEED, clock);
    return builder;
  }

  private static int portOf(RingBuilder builder) {
    return builder.devices().getFirst().port();
  }

  private static void movePort(RingBuilder builder, int port) throws RingBuilderException {
    for (RingDevice device : builder.devices()) {
      builder.update(
          RingDevice.of(
              device.id(),
              device.region(),
              device.zone(),
              device.ip(),
              port,
              device.device(),
              device.weight()));
    }
  }

  /// The wanted port if it is free, else one that the system gives.
  private static int freePort(int wanted, Set<Integer> taken) throws IOException {
    if (wanted != 0 && !taken.contains(wanted) && isFree(wanted)) {
      return wanted;
    }
    while (true) {
      try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
        if (!taken.contains(socket.getLocalPort())) {
          return socket.getLocalPort();
        }
      }
    }
  }

  private static boolean isFree(int port) {
    try (ServerSocket socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      return true;
    } catch (IOException e) {
      return false;
    }
  }
}
