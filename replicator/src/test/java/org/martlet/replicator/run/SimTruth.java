package org.martlet.replicator.run;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.martlet.common.model.ObjectHash;
import org.martlet.common.model.Timestamp;
import org.martlet.common.replication.DataClock;
import org.martlet.common.replication.ForgetItem;
import org.martlet.common.ring.Ring;
import org.martlet.common.ring.RingDevice;
import org.martlet.replicator.plan.ModelState;

/// What a checker outside of the cluster knows: every acknowledged change, and which devices answer
/// for it. The names of its checks are the promises.
final class SimTruth {
  /// A primary that lost its copy this short a time ago may have had it when it was asked.
  private static final long LOST_LATELY_MILLIS = 180_000;

  /// No clock is further off.
  private static final long MAX_SKEW_MILLIS = 30_000;

  /// A device that answers for a change, as long as it has lost its copy this often.
  private record Holder(SimNode node, int losses) {}

  /// A change that a client was told is durable. Every group has one device at least that has it:
  /// one that acknowledged it, or those that took it over from there.
  private static final class Promise {
    final ObjectHash hash;
    final DataClock data;
    final Timestamp metadata;
    final List<Set<Holder>> groups = new ArrayList<>();

    Promise(ObjectHash hash, DataClock data, Timestamp metadata) {
      this.hash = hash;
      this.data = data;
      this.metadata = metadata;
    }

    boolean isKeptBy(ModelState state) {
      return state != null
          && state.data().compareTo(data) >= 0
          && state.metaAt().compareTo(metadata) >= 0;
    }

    @Override
    public String toString() {
      return hash + " " + data + " posted " + metadata;
    }
  }

  private final SimWorld world;
  private final Map<ObjectHash, List<Promise>> promises = new HashMap<>();
  private final Map<ObjectHash, List<DataClock>> attempts = new HashMap<>();
  private int acknowledged;
  private int reads;
  private int drops;
  private int purges;
  private boolean held;

  SimTruth(SimWorld world) {
    this.world = world;
  }

  void attempted(ObjectHash hash, DataClock clock) {
    attempts.computeIfAbsent(hash, h -> new ArrayList<>()).add(clock);
  }

  void acknowledged(ObjectHash hash, DataClock data, Timestamp metadata, List<SimNode> by) {
    Promise promise = new Promise(hash, data, metadata);
    for (SimNode node : by) {
      Set<Holder> group = new HashSet<>();
      group.add(holder(node, hash));
      promise.groups.add(group);
    }
    promises.computeIfAbsent(hash, h -> new ArrayList<>()).add(promise);
    acknowledged++;
  }

  private static Holder holder(SimNode node, ObjectHash hash) {
    return new Holder(node, node.device.losses(hash));
  }

  private static boolean answers(Holder holder, ObjectHash hash) {
    return holder.node().device.losses(hash) == holder.losses();
  }

  /// An X-Newest read has had answers from these devices.
  void checkRead(ObjectHash hash, ModelState merged, Set<SimNode> answered) {
    reads++;
    for (Promise promise : promises.getOrDefault(hash, List.of())) {
      boolean reachable =
          promise.groups.stream()
              .anyMatch(
                  group ->
                      group.stream()
                          .anyMatch(
                              holder -> answered.contains(holder.node()) && answers(holder, hash)));
      if (reachable && !isLapsed(promise) && !promise.isKeptBy(merged)) {
        throw new AssertionError(
            "an acknowledged write is readable while who answers for it is reachable: "
                + promise
                + " read as "
                + merged);
      }
    }
    if (merged != null && !attempts.getOrDefault(hash, List.of()).contains(merged.data())) {
      throw new AssertionError("nothing is read that nobody wrote: " + merged);
    }
  }

  /// Whether a tombstone that is newer, or the change itself, is old enough to be forgotten.
  private boolean isLapsed(Promise promise) {
    return isDeletedLongAgo(promise.hash, promise.data);
  }

  private boolean isDeletedLongAgo(ObjectHash hash, DataClock data) {
    return attempts.getOrDefault(hash, List.of()).stream()
        .filter(DataClock::deleted)
        .filter(tombstone -> tombstone.compareTo(data) >= 0)
        .anyMatch(this::isPastReclaim);
  }

  private boolean isPastReclaim(DataClock tombstone) {
    long age = world.now() - tombstone.timestamp().toInstant().toEpochMilli();
    return age + MAX_SKEW_MILLIS > SimWorld.RECLAIM_AGE.toMillis();
  }

  /// Forgets on a device, after looking at what that does.
  ForgetItem.Outcome forget(SimNode at, ObjectReplica.Reason reason, ForgetItem item) {
    ModelState state = at.device.state(item.hash());
    ForgetItem.Outcome outcome = at.device.forget(reason, item);
    if (outcome == ForgetItem.Outcome.FORGOTTEN) {
      switch (reason) {
        case DROPPED -> dropped(at, item.hash(), state);
        case PURGED -> purged(at, item.hash(), state);
      }
    }
    return outcome;
  }

  private void dropped(SimNode at, ObjectHash hash, ModelState state) {
    drops++;
    Ring ring = at.ring();
    if (at.device.isPrimaryOf(hash)) {
      throw new AssertionError("no primary drops a copy: " + at.name + " " + hash);
    }
    Set<Holder> heirs = new HashSet<>();
    for (RingDevice primary : ring.primaries(ring.partition(hash))) {
      SimNode heir = world.nodes().get(primary.id().value());
      ModelState there = heir.device.state(hash);
      boolean has = there != null && there.contains(state);
      boolean lostLately = world.now() - heir.device.lostAt(hash) < LOST_LATELY_MILLIS;
      boolean purged = isDeletedLongAgo(hash, state.data()) || isKnownDeleted(ring, hash, state);
      if (!has && !lostLately && !purged) {
        throw new AssertionError(
            "no copy is dropped before its successors are durable: "
                + at.name
                + " drops "
                + state
                + ", "
                + heir.name
                + " has "
                + there);
      }
      if (has) {
        heirs.add(holder(heir, hash));
      }
    }
    for (Promise promise : promises.getOrDefault(hash, List.of())) {
      for (Set<Holder> group : promise.groups) {
        if (group.removeIf(holder -> holder.node() == at && answers(holder, hash))) {
          group.addAll(heirs);
        }
      }
    }
  }

  /// Whether a copy past the reclaim age has been deleted since, as one primary knows.
  private boolean isKnownDeleted(Ring ring, ObjectHash hash, ModelState state) {
    return isPastReclaim(state.data())
        && ring.primaries(ring.partition(hash)).stream()
            .map(primary -> world.nodes().get(primary.id().value()).device.state(hash))
            .anyMatch(
                there ->
                    there != null
                        && there.data().deleted()
                        && there.data().compareTo(state.data()) > 0);
  }

  private void purged(SimNode at, ObjectHash hash, ModelState state) {
    purges++;
    if (!state.data().deleted() || !isPastReclaim(state.data())) {
      throw new AssertionError("only tombstones past their age are purged: " + state);
    }
    for (SimNode node : world.nodes()) {
      ModelState there = node.device.state(hash);
      boolean live = there != null && !there.data().deleted() && node.device.isPrimaryOf(hash);
      if (live && there.data().compareTo(state.data()) < 0) {
        throw new AssertionError(
            "deleted stays deleted: "
                + at.name
                + " purges "
                + state
                + " while "
                + node.name
                + " has "
                + there);
      }
    }
  }

  void crash(SimNode node) {
    if (node.up) {
      node.crash();
      world.in(3_000 + world.below(60_000), node::start);
    }
  }

  /// Whether a device could lose its copy without anything being lost: two others have it all.
  boolean isExpendable(SimNode at, ObjectHash hash) {
    ModelState state = at.device.state(hash);
    long others =
        world.nodes().stream()
            .filter(node -> node != at && node.device.state(hash) != null)
            .filter(node -> node.device.state(hash).contains(state))
            .count();
    return others >= 2;
  }

  /// After quiet time.
  void checkHealed() {
    held = false;
    for (ObjectHash hash : Set.copyOf(attempts.keySet())) {
      checkHealed(hash);
    }
    for (SimNode node : world.nodes()) {
      if (!node.device.digestsAreRight()) {
        throw new AssertionError("digests equal a recount: " + node.name);
      }
      if (!held && !world.isSettled()) {
        throw new AssertionError("a node says that it is settled: " + node.name);
      }
    }
  }

  /// Whether a copy is one that is held back: too old to be sure that nobody deleted it.
  private boolean isHeld(ObjectHash hash, ModelState state) {
    Ring ring = world.ring();
    boolean known =
        ring.primaries(ring.partition(hash)).stream()
            .anyMatch(
                primary -> world.nodes().get(primary.id().value()).device.state(hash) != null);
    long age = world.now() - state.data().timestamp().toInstant().toEpochMilli();
    return !known
        && !state.data().deleted()
        && age + MAX_SKEW_MILLIS > SimWorld.RECLAIM_AGE.toMillis();
  }

  private void checkHealed(ObjectHash hash) {
    Ring ring = world.ring();
    ModelState newest = null;
    for (SimNode node : world.nodes()) {
      ModelState state = node.device.state(hash);
      boolean misplaced = state != null && !ring.isPrimary(ring.partition(hash), node.device.id);
      if (misplaced && isHeld(hash, state)) {
        held = true;
      } else if (misplaced) {
        throw new AssertionError(
            "nobody but primaries holds anything after quiet time: " + node.name + " " + state);
      }
      if (!misplaced) {
        newest = state == null ? newest : newest == null ? state : newest.merge(state);
      }
    }
    for (RingDevice primary : ring.primaries(ring.partition(hash))) {
      ModelState state = world.nodes().get(primary.id().value()).device.state(hash);
      boolean lapsed = newest != null && newest.data().deleted() && isPastReclaim(newest.data());
      if (!lapsed && !(newest == null ? state == null : newest.equals(state))) {
        throw new AssertionError(
            "all primaries hold the newest state after quiet time: "
                + hash
                + " d"
                + primary.id()
                + " has "
                + state
                + ", newest "
                + newest);
      }
    }
    for (Promise promise : promises.getOrDefault(hash, List.of())) {
      if (!held && !promise.isKeptBy(newest) && !isLapsed(promise)) {
        throw new AssertionError("no acknowledged write is lost: " + promise + " but " + newest);
      }
    }
  }

  /// After more than the reclaim age without a change.
  void checkReclaimed() {
    for (SimNode node : world.nodes()) {
      node.device
          .records()
          .forEach(
              (hash, held) -> {
                if (held.state().data().deleted()) {
                  throw new AssertionError(
                      "tombstones are reclaimed in the end: " + node.name + " " + held);
                }
              });
    }
    for (ObjectHash hash : attempts.keySet()) {
      DataClock newest =
          promises.getOrDefault(hash, List.of()).stream()
              .map(promise -> promise.data)
              .max(DataClock::compareTo)
              .orElse(null);
      DataClock newestAttempt = attempts.get(hash).stream().max(DataClock::compareTo).orElseThrow();
      if (newest == null || !newest.deleted() || !newest.equals(newestAttempt)) {
        continue;
      }
      for (SimNode node : world.nodes()) {
        ModelState there = node.device.state(hash);
        if (there != null && !isHeld(hash, there)) {
          throw new AssertionError(
              "deleted stays deleted, also past reclaim: " + node.name + " " + hash);
        }
      }
    }
  }

  String summary() {
    return acknowledged
        + " acknowledged, "
        + reads
        + " reads, "
        + drops
        + " drops, "
        + purges
        + " purges";
  }

  int drops() {
    return drops;
  }

  int purges() {
    return purges;
  }

  int acknowledgedCount() {
    return acknowledged;
  }
}
