package org.martlet.role;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.martlet.replicator.run.ReplicationStatus;
import org.martlet.replicator.run.ReplicationStatus.HoldingStatus;
import org.martlet.replicator.run.Space;
import org.martlet.replicator.service.ServiceStatus;

/// The form of `/recon/martlet/replication`; `docs/http-api.md` §1.4.
final class BackgroundJson {
  private BackgroundJson() {}

  static Map<String, Object> of(BackgroundService service) {
    ReplicationStatus status = service.status();
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("paused", status.paused());
    Map<String, Object> rings = new LinkedHashMap<>();
    for (Space space : service.spaces()) {
      long version = service.ringVersion(space);
      rings.put(
          space.toString(),
          Map.of(
              "version", version,
              "settled", status.isSettled(space, version),
              "complete", status.isComplete(space, version)));
    }
    json.put("rings", rings);
    json.put("holdings", status.holdings().stream().map(BackgroundJson::holding).toList());
    json.put("repairs", status.repairs().stream().map(BackgroundJson::repair).toList());
    json.put("services", service.serviceStatus().stream().map(BackgroundJson::service).toList());
    return json;
  }

  private static Map<String, @Nullable Object> service(ServiceStatus service) {
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("service", service.name());
    json.put("done", service.done());
    json.put("left", service.left());
    json.put("errors", service.errors());
    json.put("running", service.running());
    json.put("last_pass", text(service.lastPass()));
    json.put("last_error", service.lastError().orElse(null));
    return json;
  }

  private static Map<String, @Nullable Object> holding(HoldingStatus holding) {
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("space", holding.space().toString());
    json.put("device", holding.device());
    json.put("pass", pass(holding.pass()));
    json.put(
        "moved",
        Map.of(
            "objects", holding.moved().objects(),
            "bytes", holding.moved().bytes(),
            "bytes_per_second", Math.round(holding.moved().bytesPerSecond())));
    json.put(
        "backlog",
        Map.of(
            "handoff_partitions", holding.backlog().handoffPartitions(),
            "handoffs_kept", holding.backlog().handoffsKept(),
            "handoffs_held", holding.backlog().handoffsHeld(),
            "tombstones_kept", holding.backlog().tombstonesKept()));
    json.put(
        "ring", Map.of("version", holding.ring().version(), "settled", holding.ring().settled()));
    json.put(
        "faults",
        holding.faults().stream()
            .map(
                fault -> Map.of("peer", fault.peer(), "count", fault.count(), "last", fault.last()))
            .toList());
    return json;
  }

  private static Map<String, @Nullable Object> pass(ReplicationStatus.PassState pass) {
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("number", pass.number());
    json.put("phase", pass.phase().toString().toLowerCase(Locale.ROOT));
    json.put("done", pass.done());
    json.put("left", pass.left());
    json.put("eta_seconds", seconds(pass.eta()));
    json.put("last_complete", text(pass.lastComplete()));
    json.put("waiting", List.copyOf(pass.waiting()));
    return json;
  }

  private static @Nullable Long seconds(Optional<Duration> duration) {
    return duration.map(Duration::toSeconds).orElse(null);
  }

  private static @Nullable String text(Optional<Instant> moment) {
    return moment.map(Instant::toString).orElse(null);
  }

  private static Map<String, Object> repair(ReplicationStatus.RepairStatus repair) {
    return Map.of(
        "device", repair.device(),
        "queued", repair.queued(),
        "done", repair.done(),
        "dropped", repair.dropped(),
        "lost", repair.lost());
  }
}
