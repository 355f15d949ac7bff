package org.martlet.replicator.run;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.martlet.common.model.ByteSize;
import org.martlet.common.model.ObjectHash;
import org.martlet.common.ring.Ring;

/// A node with one device and its replicator, in a [SimWorld].
final class SimNode {
  final SimDevice device;
  final String name;
  private final SimWorld world;
  private Ring previous;
  private final Map<ObjectHash, Long> moving = new HashMap<>();
  long skewMillis;
  boolean up;

  /// Grows with each start: whatever belongs to an earlier life ends at its next call.
  int life;

  Replicator replicator;

  /// For the next start.
  Crews crews = Crews.inline();

  SimNode(SimWorld world, SimDevice device) {
    this.world = world;
    this.device = device;
    this.name = "d" + device.id;
  }

  Instant now() {
    return Instant.ofEpochMilli(world.now() + skewMillis);
  }

  Ring ring() {
    return device.ring;
  }

  /// Works with a new ring from now on.
  void adopt(Ring next) {
    previous = device.ring;
    device.ring = next;
    moving.clear();
    device
        .records()
        .forEach(
            (hash, held) -> {
              if (!device.isPrimaryOf(hash)) {
                moving.put(hash, held.sequence());
              }
            });
  }

  /// Whether something is still here that the ring moved elsewhere, as it was then.
  boolean hasSomethingMoving() {
    return moving.entrySet().stream()
        .anyMatch(
            entry -> {
              SimDevice.Held held = device.records().get(entry.getKey());
              return held != null && held.sequence() == entry.getValue();
            });
  }

  void start() {
    up = true;
    life++;
    int thisLife = life;
    device.restart();
    Budget budget = new Budget(0, 0, () -> 1, this::now, duration -> world.sleep(duration));
    SimReplica local = new SimReplica(world, this, this);
    Map<Integer, SimReplica> peers = new HashMap<>();
    ObjectExchange exchange =
        new ObjectExchange(
            local,
            peer ->
                peers.computeIfAbsent(
                    peer.id().value(), id -> new SimReplica(world, this, world.nodes().get(id))));
    Holding holding =
        new Holding(
            Space.objects(0),
            name,
            this::ring,
            () -> Optional.ofNullable(previous),
            ringDevice -> ringDevice.id().equals(device.id),
            exchange);
    ReplicatorConfig config =
        new ReplicatorConfig(
            Duration.ofSeconds(30),
            SimWorld.RECLAIM_AGE,
            new ByteSize(0),
            0,
            1,
            1,
            ReplicatorConfig.DEFAULT.timeouts());
    replicator =
        new Replicator(
            config, List.of(holding), Map.of(name, local), budget, this::now, crews, Runnable::run);
    for (Replicator.Loop loop : replicator.loops()) {
      world.every(this, thisLife, loop);
    }
  }

  void crash() {
    up = false;
    life++;
  }
}
