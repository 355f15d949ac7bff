package org.martlet.replicator.run;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.martlet.replicator.run.ReplicationStatus.HoldingStatus;
import org.martlet.replicator.run.ReplicationStatus.PeerFault;
import org.martlet.replicator.run.ReplicationStatus.RepairStatus;

/// The numbers of a [ReplicationStatus] as meters, by device and space.
final class StatusMeters {
  private final Replicator replicator;
  private final MeterRegistry metrics;

  StatusMeters(Replicator replicator, MeterRegistry metrics) {
    this.replicator = replicator;
    this.metrics = metrics;
  }

  void register(List<Holding> holdings, Collection<String> repaired) {
    Gauge.builder("martlet.replication.paused", replicator, r -> r.status().paused() ? 1 : 0)
        .register(metrics);
    Gauge.builder("martlet.replication.share", replicator, Replicator::lastShare).register(metrics);
    holdings.forEach(this::register);
    repaired.forEach(this::register);
  }

  private void register(Holding holding) {
    gauge(holding, "passes", status -> status.pass().number());
    gauge(holding, "partitions.done", status -> status.pass().done());
    gauge(holding, "partitions.left", status -> status.pass().left());
    gauge(holding, "eta.seconds", StatusMeters::etaSeconds);
    gauge(holding, "last.complete.seconds", StatusMeters::lastCompleteSeconds);
    gauge(holding, "rate.bytes", status -> status.moved().bytesPerSecond());
    gauge(holding, "handoff.partitions", status -> status.backlog().handoffPartitions());
    gauge(holding, "handoffs.held", status -> status.backlog().handoffsHeld());
    gauge(holding, "tombstones.kept", status -> status.backlog().tombstonesKept());
    gauge(holding, "settled", status -> status.ring().settled() ? 1 : 0);
    gauge(holding, "waiting", status -> status.pass().waiting().size());
    gauge(holding, "faults", status -> status.faults().stream().mapToLong(PeerFault::count).sum());
    counter(holding, "objects", status -> status.moved().objects());
    counter(holding, "bytes", status -> status.moved().bytes());
  }

  private static double etaSeconds(HoldingStatus status) {
    return status.pass().eta().map(eta -> eta.toMillis() / 1e3).orElse(0.0);
  }

  private static double lastCompleteSeconds(HoldingStatus status) {
    return status.pass().lastComplete().map(Instant::getEpochSecond).orElse(0L);
  }

  private void register(String device) {
    Tags tags = Tags.of("device", device);
    Gauge.builder(
            "martlet.replication.repairs.queued", replicator, of(device, RepairStatus::queued))
        .tags(tags)
        .register(metrics);
    FunctionCounter.builder(
            "martlet.replication.repairs", replicator, of(device, RepairStatus::done))
        .tags(tags)
        .register(metrics);
    FunctionCounter.builder(
            "martlet.replication.repairs.dropped", replicator, of(device, RepairStatus::dropped))
        .tags(tags)
        .register(metrics);
    FunctionCounter.builder("martlet.replication.lost", replicator, of(device, RepairStatus::lost))
        .tags(tags)
        .register(metrics);
  }

  private static ToDoubleFunction<Replicator> of(
      String device, ToDoubleFunction<RepairStatus> number) {
    return replicator ->
        replicator.status().repairs().stream()
            .filter(status -> status.device().equals(device))
            .mapToDouble(number)
            .sum();
  }

  private void gauge(Holding holding, String name, ToDoubleFunction<HoldingStatus> number) {
    Gauge.builder("martlet.replication." + name, replicator, of(holding, number))
        .tags(tags(holding))
        .register(metrics);
  }

  private void counter(Holding holding, String name, ToDoubleFunction<HoldingStatus> number) {
    FunctionCounter.builder("martlet.replication." + name, replicator, of(holding, number))
        .tags(tags(holding))
        .register(metrics);
  }

  private static Tags tags(Holding holding) {
    return Tags.of("device", holding.device(), "space", holding.space().toString());
  }

  private static ToDoubleFunction<Replicator> of(
      Holding holding, ToDoubleFunction<HoldingStatus> number) {
    return replicator ->
        replicator.status().holdings().stream()
            .filter(status -> status.space().equals(holding.space()))
            .filter(status -> status.device().equals(holding.device()))
            .mapToDouble(number)
            .sum();
  }
}
