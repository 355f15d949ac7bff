package org.martlet.replicator.run;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.martlet.common.model.PartitionId;
import org.martlet.common.model.Timestamp;
import org.martlet.common.ring.Ring;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Makes passes over what one local device holds of one space: at the interval, and at once by a
/// new ring.
///
/// - Threads: one calls [#step]; others may ask for the status and for a pass.
final class HoldingWorker {
  private static final Logger LOG = LoggerFactory.getLogger(HoldingWorker.class);

  /// How often tombstones past their time are looked for: a scan over all records.
  private static final int RECLAIMS_PER_AGE = 100;

  private static final Duration RECLAIM_INTERVAL_MAX = Duration.ofHours(1);

  /// How often a new ring or a wish is looked for.
  private static final Duration LOOK = Duration.ofSeconds(1);

  /// How soon a pass follows one that met a peer with another ring, which may have ours by then;
  /// each time twice as long, up to the interval.
  private static final Duration OTHER_RING_PAUSE = Duration.ofSeconds(2);

  private final ReplicatorConfig config;
  private final Holding holding;
  private final PeerHealth health;
  private final Progress progress;
  private final Crews crews;
  private final InstantSource clock;
  private final BooleanSupplier stopped;

  private final Map<PartitionId, DevicePass.Stuck> stuck = new ConcurrentHashMap<>();
  private final Set<String> comparing = ConcurrentHashMap.newKeySet();

  private @Nullable Ring lastRing;
  private @Nullable Instant lastPass;
  private @Nullable Instant lastReclaim;
  private Duration pause;
  private String lastFault = "";
  private volatile boolean wanted;

  /// @param stopped whether nothing more is to be done
  HoldingWorker(
      ReplicatorConfig config,
      Holding holding,
      PeerHealth health,
      Crews crews,
      InstantSource clock,
      BooleanSupplier stopped) {
    this.config = config;
    this.pause = config.interval();
    this.holding = holding;
    this.health = health;
    this.progress = new Progress(holding.space(), holding.device(), clock);
    this.crews = crews;
    this.clock = clock;
    this.stopped = stopped;
  }

  Holding holding() {
    return holding;
  }

  /// The exchange of a space of objects.
  ObjectExchange objects() {
    if (holding.exchange() instanceof ObjectExchange exchange) {
      return exchange;
    }
    throw new IllegalStateException(holding.space() + " has no objects");
  }

  Progress progress() {
    return progress;
  }

  PeerHealth health() {
    return health;
  }

  /// Wants a pass as soon as the one under way has ended.
  void passNow() {
    wanted = true;
  }

  /// Does what is due now.
  ///
  /// @return when to call again at the latest
  Duration step() {
    Ring ring = holding.ring().get();
    try {
      if (isDue(ring)) {
        pass(ring);
      }
    } catch (LocalFault e) {
      failed(e);
    } finally {
      progress.idle();
    }
    return LOOK;
  }

  private boolean isDue(Ring ring) {
    Instant last = lastPass;
    if (wanted || ring != lastRing || last == null) {
      return true;
    }
    Duration passed = Duration.between(last, clock.instant());
    return passed.isNegative() || passed.compareTo(pause) >= 0;
  }

  private void pass(Ring ring) throws LocalFault {
    wanted = false;
    boolean isNew = ring != lastRing;
    lastRing = ring;
    lastPass = clock.instant();
    boolean reclaim = isReclaimDue(lastPass);
    progress.begin(ring);
    boolean complete = newPass(ring, progress, crews).run(reclaim);
    progress.end(complete);
    pause = pause(isNew);
    lastFault = "";
    if (reclaim) {
      lastReclaim = lastPass;
    }
  }

  private Duration pause(boolean isNew) {
    Duration longest = config.interval();
    if (!progress.hasMetOtherRings()) {
      return longest;
    }
    Duration next = isNew ? OTHER_RING_PAUSE : pause.multipliedBy(2);
    return next.compareTo(longest) < 0 ? next : longest;
  }

  private boolean isReclaimDue(Instant now) {
    Instant last = lastReclaim;
    if (last == null) {
      return true;
    }
    Duration share = config.reclaimAge().dividedBy(RECLAIMS_PER_AGE);
    Duration pause = share.compareTo(RECLAIM_INTERVAL_MAX) < 0 ? share : RECLAIM_INTERVAL_MAX;
    Duration passed = Duration.between(last, now);
    return passed.isNegative() || passed.compareTo(pause) >= 0;
  }

  /// A pass that may run beside the regular one, by the ring of now. With each peer one of the two
  /// compares at a time; the other counts it as not reached.
  DevicePass passBeside(Crew crew) {
    Crews all = new Crews(crew, crew, crew, crew);
    return newPass(holding.ring().get(), DevicePass.Report.NONE, all);
  }

  private DevicePass newPass(Ring ring, DevicePass.Report report, Crews who) {
    return new DevicePass(
        newContext(ring), report, holding.exchange(), stuck, comparing, who, clock);
  }

  /// The same for work outside of a pass.
  Pass newContext(Ring ring) {
    Instant heldBefore = clock.instant().minus(config.reclaimAge());
    return new Pass(
        ring,
        holding.idIn(ring),
        new Pass.Ages(
            Timestamp.of(heldBefore), Timestamp.of(heldBefore.minus(config.clockMargin()))),
        holding::hasOnlyNewPrimaries,
        health,
        progress,
        () -> !stopped.getAsBoolean() && holding.ring().get() == ring);
  }

  private void failed(LocalFault fault) {
    if (fault.fault().kind() != ReplicaFault.Kind.STOPPED) {
      progress.failedLocally(fault);
      String message = String.valueOf(fault.getMessage());
      if (!message.equals(lastFault)) {
        LOG.warn("passes over {} of {} end early: {}", holding.space(), holding.device(), message);
      }
      lastFault = message;
    }
  }
}
