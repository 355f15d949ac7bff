package org.martlet.replicator.run;

import com.google.common.base.Suppliers;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;
import org.martlet.replicator.run.ReplicationStatus.HoldingStatus;
import org.martlet.replicator.run.ReplicationStatus.PeerFault;
import org.martlet.replicator.run.ReplicationStatus.RepairStatus;

/// The numbers of a [ReplicationStatus] as meters, by device and space.
///
/// The status is made once for all of them: meters that are read within [#FRESH] share it.
final class StatusMeters {
  private static final Duration FRESH = Duration.ofMillis(500);
  private static final double MILLIS = 1e3;

  private record Place(Space space, String device) {}

  private record Snapshot(
      boolean paused, Map<Place, HoldingStatus> holdings, Map<String, RepairStatus> repairs) {}

  private final Replicator replicator;
  private final MeterRegistry metrics;
  private final Supplier<Snapshot> snapshot;

  StatusMeters(Replicator replicator, MeterRegistry metrics) {
    this.replicator = replicator;
    this.metrics = metrics;
    this.snapshot = Suppliers.memoizeWithExpiration(() -> snapshot(replicator.status()), FRESH);
  }

  private static Snapshot snapshot(ReplicationStatus status) {
    Map<Place, HoldingStatus> holdings = new HashMap<>();
    status.holdings().forEach(of -> holdings.put(new Place(of.space(), of.device()), of));
    Map<String, RepairStatus> repairs = new HashMap<>();
    status.repairs().forEach(of -> repairs.put(of.device(), of));
    return new Snapshot(status.paused(), holdings, repairs);
  }

  void register(List<Holding> holdings, Collection<String> repaired) {
    Gauge.builder("martlet.replication.paused", () -> snapshot.get().paused() ? 1 : 0)
        .description("1 while an operator has paused replication")
        .register(metrics);
    Gauge.builder("martlet.replication.share", replicator, Replicator::lastShare)
        .description("share of its budget that background work may use now")
        .register(metrics);
    holdings.forEach(
        holding -> {
          Place place = new Place(holding.space(), holding.device());
          registerPass(place);
          registerBacklog(place);
        });
    repaired.forEach(this::registerRepairs);
  }

  private void registerPass(Place place) {
    counter(place, "passes", status -> status.pass().number())
        .description("passes that were begun")
        .register(metrics);
    gauge(place, "partitions.done", status -> status.pass().done())
        .description("partitions that the pass has done, counted for each peer that shares them")
        .register(metrics);
    gauge(place, "partitions.left", status -> status.pass().left())
        .description("partitions that are left to the pass, counted for each peer")
        .register(metrics);
    gauge(place, "eta", StatusMeters::etaSeconds)
        .description("time to the end of the pass; not a number where nobody can tell")
        .baseUnit("seconds")
        .register(metrics);
    gauge(place, "last.complete.timestamp", StatusMeters::lastCompleteSeconds)
        .description("when a pass last ended that had reached every peer, since 1970; 0 for never")
        .baseUnit("seconds")
        .register(metrics);
    gauge(place, "rate.bytes.per.second", status -> status.moved().bytesPerSecond())
        .description("bytes a second that the pass brings to other devices")
        .register(metrics);
    gauge(place, "waiting", status -> status.pass().waiting().size())
        .description("reasons for which the pass waits")
        .register(metrics);
    gauge(place, "faults", status -> status.faults().stream().mapToLong(PeerFault::count).sum())
        .description("failures of peers in the pass under way or the last one")
        .register(metrics);
    gauge(place, "peers.down", status -> status.pass().peersDown())
        .description("devices that do not answer and are left out until they do")
        .register(metrics);
    counter(place, "objects", status -> status.moved().objects())
        .description("records that were brought to other devices")
        .register(metrics);
    counter(place, "sent", status -> status.moved().bytes())
        .description("bytes that were brought to other devices")
        .baseUnit("bytes")
        .register(metrics);
  }

  private void registerBacklog(Place place) {
    gauge(place, "settled", status -> status.ring().settled() ? 1 : 0)
        .description("1 once nothing is here that belongs elsewhere by the ring")
        .register(metrics);
    gauge(place, "handoff.partitions", status -> status.backlog().handoffPartitions())
        .description("partitions of which something is here that belongs elsewhere")
        .register(metrics);
    gauge(place, "handoffs.kept", status -> status.backlog().handoffsKept())
        .description("records that belong elsewhere and wait for a primary, its ring or a listing")
        .register(metrics);
    gauge(place, "handoffs.held", status -> status.backlog().handoffsHeld())
        .description("records past the reclaim age that no primary knows: they are not pushed")
        .register(metrics);
    gauge(place, "tombstones.kept", status -> status.backlog().tombstonesKept())
        .description("tombstones past the reclaim age that a primary was not compared for")
        .register(metrics);
  }

  private static double etaSeconds(HoldingStatus status) {
    return status.pass().eta().map(eta -> eta.toMillis() / MILLIS).orElse(Double.NaN);
  }

  private static double lastCompleteSeconds(HoldingStatus status) {
    return status.pass().lastComplete().map(Instant::getEpochSecond).orElse(0L);
  }

  private void registerRepairs(String device) {
    Gauge.builder("martlet.replication.repairs.queued", () -> repairs(device, RepairStatus::queued))
        .description("single repairs that wait for their first or another try")
        .tag("device", device)
        .register(metrics);
    repairCounter("repairs.done", "single repairs that were done", device, RepairStatus::done);
    repairCounter(
        "repairs.dropped",
        "single repairs that were left to a pass for want of room",
        device,
        RepairStatus::dropped);
    repairCounter(
        "lost", "damaged copies of which no primary had another", device, RepairStatus::lost);
  }

  private void repairCounter(
      String name, String description, String device, ToDoubleFunction<RepairStatus> number) {
    FunctionCounter.builder("martlet.replication." + name, this, of -> of.repairs(device, number))
        .description(description)
        .tag("device", device)
        .register(metrics);
  }

  private double repairs(String device, ToDoubleFunction<RepairStatus> number) {
    @Nullable RepairStatus status = snapshot.get().repairs().get(device);
    return status == null ? 0 : number.applyAsDouble(status);
  }

  private Gauge.Builder<?> gauge(Place place, String name, ToDoubleFunction<HoldingStatus> number) {
    return Gauge.builder("martlet.replication." + name, () -> of(place, number)).tags(tags(place));
  }

  private FunctionCounter.Builder<?> counter(
      Place place, String name, ToDoubleFunction<HoldingStatus> number) {
    return FunctionCounter.builder(
            "martlet.replication." + name, this, all -> all.of(place, number))
        .tags(tags(place));
  }

  private static Tags tags(Place place) {
    return Tags.of("device", place.device(), "space", place.space().toString());
  }

  private double of(Place place, ToDoubleFunction<HoldingStatus> number) {
    @Nullable HoldingStatus status = snapshot.get().holdings().get(place);
    return status == null ? 0 : number.applyAsDouble(status);
  }
}
