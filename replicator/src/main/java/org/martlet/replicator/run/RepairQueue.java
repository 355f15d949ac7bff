package org.martlet.replicator.run;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import org.martlet.common.model.ObjectHash;
import org.martlet.common.model.PartitionId;
import org.martlet.common.replication.DataClock;
import org.martlet.common.replication.HashRange;
import org.martlet.common.replication.MergeResult;
import org.martlet.common.replication.RecordEntry;
import org.martlet.common.ring.Ring;
import org.martlet.common.ring.RingDevice;
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
  private static final Duration LAST_PAUSE = Duration.ofMinutes(1);

  private record Key(int policy, ObjectHash hash) {}

  /// When a repair is tried again.
  private record Attempt(RepairSource.Reason reason, Duration pause, Instant at) {}

  private final String device;
  private final RepairSource source;
  private final Map<Integer, HoldingWorker> workers = new TreeMap<>();
  private final Map<Integer, Long> recoveries = new HashMap<>();
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
      String device, RepairSource source, List<HoldingWorker> workers, InstantSource clock) {
    this.device = device;
    this.source = source;
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
    List<Key> due = new ArrayList<>();
    waiting.forEach(
        (key, attempt) -> {
          boolean clockWentBack = attempt.at().isAfter(now.plus(LAST_PAUSE));
          if (clockWentBack || !attempt.at().isAfter(now)) {
            due.add(key);
          }
        });
    for (Key key : due) {
      HoldingWorker worker = workers.get(key.policy());
      Attempt attempt = waiting.get(key);
      if (worker == null || attempt == null) {
        continue;
      }
      Pass pass = worker.newContext(worker.holding().ring().get());
      if (!pass.isCurrent().getAsBoolean()) {
        return;
      }
      if (repair(worker, pass, key.hash(), attempt.reason())) {
        waiting.remove(key);
        done.incrementAndGet();
      } else {
        waiting.replace(key, later(attempt, clock.instant()));
      }
    }
  }

  private static Attempt later(Attempt attempt, Instant now) {
    Duration twice = attempt.pause().multipliedBy(2);
    Duration next = twice.compareTo(LAST_PAUSE) < 0 ? twice : LAST_PAUSE;
    return new Attempt(attempt.reason(), next, now.plus(attempt.pause()));
  }

  /// @return whether nothing is left to be done
  private boolean repair(
      HoldingWorker worker, Pass pass, ObjectHash hash, RepairSource.Reason reason)
      throws LocalFault {
    if (!(worker.holding().exchange() instanceof ObjectExchange exchange)) {
      throw new IllegalStateException("objects are not exchanged as objects");
    }
    PartitionId partition = pass.ring().partition(hash);
    boolean belongsHere = pass.ring().isPrimary(partition, pass.self());
    return switch (reason) {
      case DAMAGED -> !belongsHere || pullBack(exchange, pass, hash);
      case HANDOFF, MISSED ->
          belongsHere
              ? exchange.bringToOthers(pass, hash)
              : !exchange.giveAway(pass, List.of(hash)).isEmpty();
    };
  }

  /// Fetches a copy from the primary that has the newest, or from the next if that fails.
  private boolean pullBack(ObjectExchange exchange, Pass pass, ObjectHash hash) throws LocalFault {
    Ring ring = pass.ring();
    Map<RingDevice, RecordEntry> copies = new HashMap<>();
    boolean allAnswered = true;
    for (RingDevice primary : ring.primaries(ring.partition(hash))) {
      if (!primary.id().equals(pass.self())) {
        allAnswered &= find(exchange, pass, primary, hash, copies);
      }
    }
    List<RingDevice> newestFirst =
        copies.keySet().stream()
            .sorted(
                Comparator.comparing(
                        (RingDevice from) -> clockOf(copies, from), Comparator.reverseOrder())
                    .thenComparing(RingDevice::id))
            .toList();
    for (RingDevice from : newestFirst) {
      if (pull(exchange, pass, from, hash)) {
        return true;
      }
    }
    if (allAnswered && copies.isEmpty()) {
      lost.incrementAndGet();
      LOG.error("{}: a damaged copy of {} was the last one", device, hash);
      return true;
    }
    return false;
  }

  private static DataClock clockOf(Map<RingDevice, RecordEntry> copies, RingDevice from) {
    RecordEntry entry = copies.get(from);
    if (entry == null) {
      throw new IllegalArgumentException("no copy is known there");
    }
    return entry.clocks().data();
  }

  /// @return whether the device answered
  private static boolean find(
      ObjectExchange exchange,
      Pass pass,
      RingDevice primary,
      ObjectHash hash,
      Map<RingDevice, RecordEntry> copies) {
    if (!pass.mayAsk(primary)) {
      return false;
    }
    try {
      List<RecordEntry> found =
          exchange.peer(primary).records(new HashRange(hash, hash), 1).page().entries();
      found.forEach(entry -> copies.put(primary, entry));
      return true;
    } catch (ReplicaFault e) {
      pass.failed(primary, e);
      return false;
    }
  }

  private static boolean pull(
      ObjectExchange exchange, Pass pass, RingDevice from, ObjectHash hash) {
    try {
      Optional<ObjectReplica.Copied> copied = exchange.local().copyFrom(exchange.peer(from), hash);
      copied.ifPresent(made -> pass.progress().moved(1, made.head().frameBytes()));
      return copied
          .filter(made -> made.result().outcome() == MergeResult.Outcome.MERGED)
          .isPresent();
    } catch (ReplicaFault e) {
      pass.failed(from, e);
      return false;
    }
  }
}
