package org.martlet.replicator.run;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.martlet.common.ring.Ring;
import org.martlet.common.ring.RingDevice;
import org.martlet.replicator.run.ReplicationStatus.Backlog;
import org.martlet.replicator.run.ReplicationStatus.HoldingStatus;
import org.martlet.replicator.run.ReplicationStatus.Moved;
import org.martlet.replicator.run.ReplicationStatus.PassState;
import org.martlet.replicator.run.ReplicationStatus.PeerFault;
import org.martlet.replicator.run.ReplicationStatus.Phase;
import org.martlet.replicator.run.ReplicationStatus.RingState;

/// Counts what is done for one local device in one space.
///
/// - Bound: faults by device of the ring, anew in each pass.
/// - Threads: any; nothing blocks.
public final class Progress implements DevicePass.Report {
  private record Faults(long count, String last) {}

  private final Space space;
  private final String device;
  private final InstantSource clock;
  private final Map<String, Faults> faults = new TreeMap<>();
  private final TreeSet<String> otherRings = new TreeSet<>();

  private long passes;
  private Phase phase = Phase.IDLE;
  private Instant began;
  private long bytesBefore;
  private int done;
  private int left;
  private @Nullable Instant lastComplete;
  private @Nullable Duration lastTook;
  private @Nullable String localFault;

  private long objects;
  private long bytes;
  private double lastRate;
  private int handoffPartitions;
  private long handoffsKept;
  private long handoffsHeld;
  private long tombstonesKept;
  private long ringVersion;
  private boolean settled;
  private boolean complete;

  public Progress(Space space, String device, InstantSource clock) {
    this.space = space;
    this.device = device;
    this.clock = clock;
    this.began = clock.instant();
  }

  /// Records were brought to another device, or from it.
  public synchronized void moved(long count, long size) {
    objects += count;
    bytes += size;
  }

  /// By its own ring a device is no primary of what our ring gives it.
  public synchronized void ringsDiffer(RingDevice peer) {
    otherRings.add(PeerHealth.label(peer));
  }

  /// Whether a peer had another ring in the pass under way or the last one.
  synchronized boolean hasMetOtherRings() {
    return !otherRings.isEmpty();
  }

  synchronized void failed(RingDevice peer, ReplicaFault fault) {
    faults.merge(
        PeerHealth.label(peer),
        new Faults(1, String.valueOf(fault.getMessage())),
        (before, now) -> new Faults(before.count + 1, now.last));
  }

  synchronized void failedLocally(LocalFault fault) {
    localFault = fault.getMessage();
  }

  synchronized void begin(Ring ring) {
    passes++;
    began = clock.instant();
    bytesBefore = bytes;
    done = 0;
    left = 0;
    faults.clear();
    otherRings.clear();
    localFault = null;
    settled &= ring.version() == ringVersion;
    complete &= ring.version() == ringVersion;
    ringVersion = ring.version();
  }

  @Override
  public synchronized void phase(Phase now, int partitions) {
    phase = now;
    left += partitions;
  }

  @Override
  public synchronized void partitionsDone(int count) {
    done += count;
    left -= count;
  }

  @Override
  public synchronized void handoffsFound(int partitions) {
    handoffPartitions = partitions;
    handoffsKept = 0;
    handoffsHeld = 0;
    settled &= partitions == 0;
  }

  @Override
  public synchronized void gaveAway(SpaceExchange.Handover handover) {
    handoffsKept += handover.kept();
    handoffsHeld += handover.held();
    handoffPartitions -= handover.isComplete() ? 1 : 0;
  }

  @Override
  public synchronized void settled() {
    settled = handoffPartitions == 0;
  }

  @Override
  public synchronized void reclaimed(SpaceExchange.Reclaimed reclaimed) {
    tombstonesKept = reclaimed.kept();
  }

  /// Nothing is under way.
  synchronized void idle() {
    phase = Phase.IDLE;
    left = 0;
  }

  /// @param everyPeer whether every peer was reached
  synchronized void end(boolean everyPeer) {
    phase = Phase.IDLE;
    left = 0;
    Instant now = clock.instant();
    lastRate = rate(now);
    if (everyPeer) {
      complete = true;
      lastComplete = now;
      Duration took = Duration.between(began, now);
      lastTook = took.isNegative() ? Duration.ZERO : took;
    }
  }

  /// @param budget why somebody waits for it
  /// @param down the devices that do not answer
  synchronized HoldingStatus status(Budget.Waiting budget, List<String> down) {
    Instant now = clock.instant();
    Duration passed = Duration.between(began, now);
    Optional<Duration> eta =
        phase == Phase.IDLE || done == 0 || passed.isNegative()
            ? Optional.empty()
            : Optional.of(Duration.ofMillis(passed.toMillis() * left / done));
    return new HoldingStatus(
        space,
        device,
        new PassState(
            passes,
            phase,
            done,
            left,
            eta,
            Optional.ofNullable(lastComplete),
            Optional.ofNullable(lastTook),
            waiting(budget, down),
            down.size()),
        new Moved(objects, bytes, phase == Phase.IDLE ? lastRate : rate(now)),
        new Backlog(handoffPartitions, handoffsKept, handoffsHeld, tombstonesKept),
        new RingState(ringVersion, settled, complete),
        faults.entrySet().stream()
            .map(
                entry ->
                    new PeerFault(entry.getKey(), entry.getValue().count, entry.getValue().last))
            .toList());
  }

  private double rate(Instant now) {
    double seconds = Duration.between(began, now).toNanos() / 1e9;
    return seconds <= 0 ? 0 : (bytes - bytesBefore) / seconds;
  }

  private List<String> waiting(Budget.Waiting budget, List<String> down) {
    List<String> reasons = new ArrayList<>();
    switch (budget) {
      case NOT -> {}
      case PAUSED -> reasons.add("paused");
      case FOR_BYTES -> reasons.add("the budget of bytes is used up");
      case FOR_REQUESTS -> reasons.add("the budget of requests is used up");
      case FOR_CLIENTS -> reasons.add("it gives way to clients");
    }
    if (localFault != null) {
      reasons.add("this device: " + localFault);
    }
    down.forEach(peer -> reasons.add(peer + " does not answer"));
    otherRings.forEach(peer -> reasons.add(peer + " has another ring"));
    return reasons;
  }
}
