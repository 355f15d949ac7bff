package org.martlet.replicator.run;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.martlet.common.model.ObjectHash;
import org.martlet.common.model.PartitionId;
import org.martlet.common.model.Timestamp;
import org.martlet.common.replication.BodyEtag;
import org.martlet.common.replication.DataClock;
import org.martlet.common.ring.Ring;
import org.martlet.common.ring.RingDevice;
import org.martlet.replicator.plan.ModelState;

/// Clients behind one proxy of a [SimWorld]: writes to a quorum of primaries and handoffs, and
/// reads that ask everybody.
final class SimClients {
  /// The proxy's place in the network.
  static final int PROXY = -1;

  private static final int OBJECTS = 24;

  /// So many objects are in use at a time; what was in use is left alone for long, as deleted
  /// objects are in life, so that tombstones come of age while faults go on.
  private static final int IN_USE = 4;

  private static final long TURN_MILLIS = 40_000;
  private static final int QUORUM = SimWorld.REPLICAS / 2 + 1;

  private final SimWorld world;
  private final List<ObjectHash> hashes = new ArrayList<>();
  private final long began;
  private long lastTick;
  private long skewMillis;
  private int bodies;
  private Ring ring;

  SimClients(SimWorld world) {
    this.world = world;
    this.ring = world.ring();
    this.began = world.now();
    for (int i = 0; i < OBJECTS; i++) {
      long high = ((long) world.below(1 << 30) << 34) | world.below(1 << 30);
      hashes.add(new ObjectHash(high, i));
    }
  }

  void adopt(Ring next) {
    ring = next;
  }

  void setSkew(long millis) {
    skewMillis = millis;
  }

  /// One change or read of a random object.
  void act() {
    long turn = (world.now() - began) / TURN_MILLIS;
    boolean old = world.chance(0.1);
    int index = old ? world.below(OBJECTS) : (int) ((turn + world.below(IN_USE)) % OBJECTS);
    ObjectHash hash = hashes.get(index);
    if (old) {
      read(hash);
      return;
    }
    switch (world.below(10)) {
      case 0, 1, 2 -> put(hash, true);
      case 3, 4 -> put(hash, false);
      case 5, 6 -> post(hash);
      default -> read(hash);
    }
  }

  void readAll() {
    hashes.forEach(this::read);
  }

  private long tick() {
    long now = (world.now() + skewMillis) * (Timestamp.TICKS_PER_SECOND / 1000);
    lastTick = Math.max(now, lastTick + 1);
    return lastTick;
  }

  /// A PUT, or a DELETE; repeated with a later clock where something newer is stored.
  private void put(ObjectHash hash, boolean live) {
    int body = world.chance(0.15) ? (2 << 20) + ++bodies : ++bodies;
    long tick = tick();
    for (int attempt = 0; attempt < 4; attempt++) {
      ModelState change =
          live ? ModelState.put(tick, body, world.below(4)) : ModelState.tombstone(tick);
      world.truth().attempted(hash, change.data());
      List<DataClock> newer = new ArrayList<>();
      List<SimNode> stored = new ArrayList<>();
      Set<SimNode> missed = new LinkedHashSet<>();
      send(
          hash,
          node -> {
            if (node.device.full) {
              return false;
            }
            DataClock there = node.device.write(hash, change);
            if (there != null) {
              newer.add(there);
            }
            return there == null;
          },
          stored,
          missed,
          newer);
      if (newer.isEmpty()) {
        conclude(hash, change.data(), change.metaAt(), stored, missed);
        return;
      }
      tick = newer.stream().mapToLong(clock -> clock.timestamp().ticks()).max().orElseThrow() + 1;
      lastTick = Math.max(lastTick, tick);
    }
  }

  private void post(ObjectHash hash) {
    long tick = tick();
    int values = world.below(4);
    List<SimNode> stored = new ArrayList<>();
    Set<SimNode> missed = new LinkedHashSet<>();
    send(
        hash,
        node -> !node.device.full && node.device.post(hash, tick, values),
        stored,
        missed,
        List.of());
    DataClock any = new DataClock(Timestamp.ZERO, false, BodyEtag.NONE, 0);
    conclude(hash, any, Timestamp.ofTicks(tick), stored, missed);
  }

  /// What a change does at a node.
  private interface Change {
    boolean at(SimNode node);
  }

  private void send(
      ObjectHash hash,
      Change change,
      List<SimNode> stored,
      Set<SimNode> missed,
      List<DataClock> newer) {
    PartitionId partition = ring.partition(hash);
    List<RingDevice> targets = new ArrayList<>(ring.primaries(partition));
    var handoffs = ring.handoffs(partition).iterator();
    for (int i = 0; i < targets.size(); i++) {
      SimNode node = node(targets.get(i));
      boolean done = false;
      try {
        done = world.overNetwork(PROXY, node, () -> change.at(node));
      } catch (ReplicaFault e) {
        missed.add(node);
      }
      if (done) {
        stored.add(node);
      } else if (newer.isEmpty() && handoffs.hasNext() && targets.size() < 2 * SimWorld.REPLICAS) {
        missed.add(node);
        targets.add(handoffs.next());
      }
    }
  }

  private void conclude(
      ObjectHash hash,
      DataClock data,
      Timestamp posted,
      List<SimNode> stored,
      Set<SimNode> missed) {
    if (stored.size() < QUORUM) {
      return;
    }
    world.truth().acknowledged(hash, data, posted, stored);
    if (!missed.isEmpty()) {
      SimNode one = stored.getFirst();
      try {
        world.overNetwork(
            PROXY,
            one,
            () -> {
              one.device.wantRepair(hash, RepairSource.Reason.MISSED);
              return true;
            });
      } catch (ReplicaFault e) {
        // A loss is harmless: the pass finds what was missed.
        missed.clear();
      }
    }
  }

  /// Asks primaries of both rings and handoffs.
  private void read(ObjectHash hash) {
    Set<SimNode> asked = new LinkedHashSet<>();
    PartitionId partition = ring.partition(hash);
    ring.primaries(partition).forEach(device -> asked.add(node(device)));
    world.ring().primaries(partition).forEach(device -> asked.add(node(device)));
    world.previousRing().primaries(partition).forEach(device -> asked.add(node(device)));
    ring.handoffs(partition).forEach(device -> asked.add(node(device)));
    Set<SimNode> answered = new HashSet<>();
    ModelState merged = null;
    for (SimNode node : asked) {
      if (node.up && !world.isCut(PROXY, node)) {
        ModelState state = node.device.state(hash);
        answered.add(node);
        merged = state == null ? merged : merged == null ? state : merged.merge(state);
      }
    }
    world.truth().checkRead(hash, merged, answered);
  }

  private SimNode node(RingDevice device) {
    return world.nodes().get(device.id().value());
  }
}
