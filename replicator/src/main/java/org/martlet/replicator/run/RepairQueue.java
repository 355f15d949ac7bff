package org.martlet.replicator.run;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.martlet.common.model.ObjectHash;
import org.martlet.common.model.PartitionId;
import org.martlet.replicator.run.ReplicationStatus.RepairStatus;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Works off what one device wants to have repaired at once: single records, tried again less and
/// less often until they are in place, and at once when a peer is back.
///
/// - Bound: [#ROOM] records; what finds no room is found by a pass.
/// - Threads: one calls [#step]; any may ask for the status.
final class RepairQueue {
  /// How many wait at most.
  static final int ROOM = 10_000;

  private static final Logger LOG = LoggerFactory.getLogger(RepairQueue.class);
  private static final int PAGE = 1_000;
  private static final Duration POLL = Duration.ofSeconds(1);
  private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);

  /// Long, since a peer that is back ends all pauses.
  private static final Duration LAST_PAUSE = Duration.ofMinutes(5);

  private record Key(int policy, ObjectHash hash) {}

  /// Repairs that are seen to together.
  private record Group(int policy, PartitionId partition, RepairSource.Reason reason) {}

  /// When a repair is tried again.
  private record Attempt(RepairSource.Reason reason, Duration pause, Instant at) {}

  private final String device;
  private final RepairSource source;
  private final Map<Integer, HoldingWorker> workers = new TreeMap<>();
  private final Map<Integer, Long> recoveries = new HashMap<>();
  private final Crew crew;
  private final InstantSource clock;
  private final Map<Key, Attempt> waiting = new LinkedHashMap<>();
  private long lastRead;
  private volatile int queued;
  private final AtomicLong done = new AtomicLong();
  private final AtomicLong droppedHere = new AtomicLong();
  private volatile long droppedThere;
  private final AtomicLong lost = new AtomicLong();
  private boolean complained;

  /// @param workers of the device's policies
  RepairQueue(
      String device,
      RepairSource source,
      List<HoldingWorker> workers,
      Crew crew,
      InstantSource clock) {
    this.device = device;
    this.source = source;
    this.crew = crew;
    this.clock = clock;
    workers.forEach(worker -> this.workers.put(worker.holding().space().policy(), worker));
  }

  RepairStatus status() {
    return new RepairStatus(
        device, queued, done.get(), droppedHere.get() + droppedThere, lost.get());
  }

  /// Reads what is new and tries what is due.
  ///
  /// @return when to call again
  Duration step() {
    try {
      retryForPeersThatAreBack();
      boolean more = read();
      tryDue();
      complained = false;
      return more ? Duration.ZERO : POLL;
    } catch (LocalFault e) {
      if (!complained && e.fault().kind() != ReplicaFault.Kind.STOPPED) {
        LOG.warn("the repairs of {} wait: {}", device, e.getMessage());
      }
      complained = true;
      return POLL.multipliedBy(5);
    } finally {
      queued = waiting.size();
    }
  }

  /// @return whether there may be more to read
  private boolean read() throws LocalFault {
    if (waiting.size() >= ROOM) {
      return false;
    }
    RepairSource.Repairs page = LocalFault.in(() -> source.repairs(lastRead, PAGE));
    droppedThere = page.dropped();
    for (RepairSource.Repair repair : page.repairs()) {
      lastRead = Math.max(lastRead, repair.id());
      if (!workers.containsKey(repair.policy()) || waiting.size() >= ROOM) {
        droppedHere.incrementAndGet();
        continue;
      }
      Key key = new Key(repair.policy(), repair.hash());
      Attempt now = new Attempt(repair.reason(), FIRST_PAUSE, clock.instant());
      waiting.merge(key, now, RepairQueue::both);
    }
    return page.repairs().size() == PAGE;
  }

  /// A damaged copy has to come back before it can go anywhere.
  private static Attempt both(Attempt before, Attempt now) {
    return before.reason() == RepairSource.Reason.DAMAGED ? before : now;
  }

  private void retryForPeersThatAreBack() {
    for (HoldingWorker worker : workers.values()) {
      int policy = worker.holding().space().policy();
      PeerHealth.Recovered recovered =
          worker.health().recoveredSince(recoveries.getOrDefault(policy, 0L));
      if (!recovered.labels().isEmpty()) {
        recoveries.put(policy, recovered.mark());
        waiting.replaceAll(
            (key, attempt) ->
                key.policy() == policy
                    ? new Attempt(attempt.reason(), FIRST_PAUSE, clock.instant())
                    : attempt);
      }
    }
  }

  private void tryDue() throws LocalFault {
    Instant now = clock.instant();
    Map<Group, List<ObjectHash>> due = new LinkedHashMap<>();
    waiting.forEach(
        (key, attempt) -> {
          boolean clockWentBack = attempt.at().isAfter(now.plus(LAST_PAUSE));
          HoldingWorker worker = workers.get(key.policy());
          if (worker != null && (clockWentBack || !attempt.at().isAfter(now))) {
            PartitionId partition = worker.holding().ring().get().partition(key.hash());
            due.computeIfAbsent(
                    new Group(key.policy(), partition, attempt.reason()), g -> new ArrayList<>())
                .add(key.hash());
          }
        });
    Set<Key> settled = ConcurrentHashMap.newKeySet();
    Set<Key> tried = ConcurrentHashMap.newKeySet();
    try {
      crew.each(due.entrySet(), entry -> repair(entry.getKey(), entry.getValue(), tried, settled));
    } finally {
      tried.removeAll(settled);
      done.addAndGet(settled.size());
      waiting.keySet().removeAll(settled);
      tried.forEach(key -> waiting.computeIfPresent(key, (k, attempt) -> later(attempt)));
    }
  }

  private void repair(Group group, List<ObjectHash> hashes, Set<Key> tried, Set<Key> settled)
      throws LocalFault {
    HoldingWorker worker = workers.get(group.policy());
    if (worker == null) {
      return;
    }
    Pass pass = worker.newContext(worker.holding().ring().get());
    if (!pass.isCurrent().getAsBoolean()) {
      return;
    }
    ObjectRepair repair = new ObjectRepair(device, worker.objects(), pass, lost);
    repair.run(hashes, group.reason()).forEach(hash -> settled.add(new Key(group.policy(), hash)));
    hashes.forEach(hash -> tried.add(new Key(group.policy(), hash)));
  }

  private Attempt later(Attempt attempt) {
    Duration twice = attempt.pause().multipliedBy(2);
    Duration next = twice.compareTo(LAST_PAUSE) < 0 ? twice : LAST_PAUSE;
    return new Attempt(attempt.reason(), next, clock.instant().plus(attempt.pause()));
  }
}
