package org.martlet.replicator.run;

import java.util.ArrayList;
import java.util.List;
import org.martlet.common.model.ObjectHash;
import org.martlet.common.ring.Ring;

/// What happens to a [SimWorld]: clients and faults for a while, then quiet.
final class SimStory {
  private final SimWorld world;
  private final SimClients clients;
  private boolean ended;

  SimStory(SimWorld world) {
    this.world = world;
    this.clients = new SimClients(world);
  }

  void tell(long chaosMillis, long quietMillis) {
    client();
    fault();
    listings();
    changeRing();
    world.runUntil(world.now() + chaosMillis);
    ended = true;
    // What was begun ends by itself: nodes restart, devices have room again.
    world.runUntil(world.now() + 70_000);
    world.calmDown();
    clients.adopt(world.ring());
    world.runUntil(world.now() + quietMillis);
    world.truth().checkHealed();
    clients.readAll();
    world.runUntil(world.now() + SimWorld.RECLAIM_AGE.toMillis() + quietMillis);
    world.truth().checkHealed();
    world.truth().checkReclaimed();
    clients.readAll();
  }

  private void client() {
    if (!ended) {
      clients.act();
      world.in(200 + world.below(3_000), this::client);
    }
  }

  private void listings() {
    world.nodes().get(world.below(world.nodes().size())).device.clearDue();
    world.in(500, this::listings);
  }

  private void fault() {
    if (ended) {
      return;
    }
    SimNode node = world.nodes().get(world.below(world.nodes().size()));
    switch (world.below(11)) {
      case 0, 1 -> world.truth().crash(node);
      case 2 -> cutOneWay(node);
      case 3, 4 -> isolate(node);
      case 5 -> wipe(node);
      case 6, 7 -> rot(node);
      case 8 -> node.skewMillis = world.below(20_000) - 10_000;
      case 9 -> fill(node);
      default -> clients.setSkew(world.below(20_000) - 10_000);
    }
    world.in(world.chance(0.1) ? 60_000 : 1_000 + world.below(20_000), this::fault);
  }

  private void cutOneWay(SimNode node) {
    int other = world.below(world.nodes().size() + 1) - 1;
    long millis = 5_000 + world.below(60_000);
    if (world.chance(0.5)) {
      world.cut(node.device.id.value(), other, millis);
    } else {
      world.cut(other, node.device.id.value(), millis);
    }
  }

  private void isolate(SimNode node) {
    long reclaimAge = SimWorld.RECLAIM_AGE.toMillis();
    long millis = world.chance(0.08) ? reclaimAge + 200_000 : 5_000 + world.below(60_000);
    int id = node.device.id.value();
    for (int other = SimClients.PROXY; other < world.nodes().size(); other++) {
      world.cut(id, other, millis);
      world.cut(other, id, millis);
    }
  }

  private void wipe(SimNode node) {
    boolean expendable =
        node.device.records().keySet().stream()
            .allMatch(hash -> world.truth().isExpendable(node, hash));
    if (expendable) {
      world.truth().crash(node);
      node.device.wipe(world.now());
    }
  }

  private void rot(SimNode node) {
    List<ObjectHash> hashes = new ArrayList<>(node.device.records().keySet());
    if (!hashes.isEmpty()) {
      ObjectHash hash = hashes.get(world.below(hashes.size()));
      if (world.truth().isExpendable(node, hash)) {
        node.device.quarantine(hash, world.now());
      }
    }
  }

  private void fill(SimNode node) {
    node.device.full = true;
    world.in(5_000 + world.below(40_000), () -> node.device.full = false);
  }

  private void changeRing() {
    if (ended) {
      return;
    }
    world.in(3_000 + world.below(7_000), this::changeRing);
    if (world.isSettled()) {
      world.changeRing();
      Ring next = world.ring();
      world.in(world.below(15_000), () -> clients.adopt(next));
    }
  }
}
