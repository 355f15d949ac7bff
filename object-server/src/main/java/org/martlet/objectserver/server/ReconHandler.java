package org.martlet.objectserver.server;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.martlet.common.http.Body;
import org.martlet.common.http.Headers;
import org.martlet.common.http.Refused;
import org.martlet.common.http.Response;
import org.martlet.objectserver.outbox.LeftOver;
import org.martlet.objectserver.outbox.Outbox;
import org.martlet.objectserver.store.AuditReport;
import org.martlet.objectserver.store.DeviceStatus;
import org.martlet.objectserver.store.FaultCounts;
import org.martlet.objectserver.store.PolicyStatistics;
import org.martlet.objectserver.store.StoreFault;
import tools.jackson.databind.json.JsonMapper;

/// `GET /recon/…`: what operators may see without a signature; read-only, no names of objects.
final class ReconHandler {
  private static final double MILLIS = 1e3;
  private static final double NANOS = 1e9;

  /// With one device: one that hangs must not keep the others from being seen.
  private static final long PATIENCE_SECONDS = 3;

  /// Swift's tool takes 0 for nothing said.
  private static final double LEAST_SECONDS = 1e-6;

  private final String version;
  private final Collection<Device> devices;
  private final Map<String, String> refused;
  private final Outbox outbox;
  private final MeterRegistry metrics;
  private final JsonMapper json = JsonMapper.builder().build();

  /// @param refused devices that were not opened, and why
  ReconHandler(
      String version,
      Collection<Device> devices,
      Map<String, String> refused,
      Outbox outbox,
      MeterRegistry metrics) {
    this.version = version;
    this.devices = devices;
    this.refused = refused;
    this.outbox = outbox;
    this.metrics = metrics;
  }

  CompletableFuture<Response> get(String path) {
    return switch (path) {
      case "/recon/version" -> now(Map.of("version", version));
      case "/recon/async" -> now(async());
      case "/recon/updater/object" -> now(updater());
      case "/recon/auditor/object" -> now(auditor());
      case "/recon/quarantined" -> now(quarantined());
      case "/recon/driveaudit" -> now(Map.of("drive_audit_errors", driveErrors()));
      case "/recon/martlet/outbox" -> now(outbox());
      case "/recon/martlet/devices" -> devices();
      default -> throw new Refused(404, "No such report");
    };
  }

  private CompletableFuture<Response> now(Map<String, ?> content) {
    return CompletableFuture.completedFuture(answer(content));
  }

  /// Null before the first pass over what is left over.
  private Map<String, @Nullable Object> async() {
    List<LeftOver> leftOver = outbox.leftOver();
    boolean known = leftOver.stream().anyMatch(device -> device.lastPass().isPresent());
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("async_pending", known ? leftOver.stream().mapToLong(LeftOver::due).sum() : null);
    json.put(
        "async_pending_last",
        leftOver.stream()
            .flatMap(device -> device.lastPass().stream())
            .min(Comparator.naturalOrder())
            .map(last -> last.toEpochMilli() / MILLIS)
            .orElse(null));
    return json;
  }

  private Map<String, @Nullable Object> updater() {
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put(
        "object_updater_sweep",
        outbox.leftOver().stream()
            .flatMap(device -> device.lastTook().stream())
            .max(Comparator.naturalOrder())
            .map(took -> Math.max(LEAST_SECONDS, took.toNanos() / NANOS))
            .orElse(null));
    return json;
  }

  /// Swift's auditor counts since its last report, ours in the pass under way; there is one audit,
  /// which reads everything (Swift's ALL), and none for empty files only (ZBF).
  private Map<String, Object> auditor() {
    Map<String, Object> all = new TreeMap<>();
    for (Device device : devices) {
      AuditReport report = device.store().auditReport();
      Map<String, Object> stats = new LinkedHashMap<>();
      stats.put("bytes_processed", report.progress().verifiedBytes());
      stats.put("passes", report.progress().passes());
      stats.put("errors", report.unreadable());
      stats.put("quarantined", report.damagedSinceOpen());
      all.put(device.name(), stats);
    }
    return Map.of("object_auditor_stats_ALL", all, "object_auditor_stats_ZBF", Map.of());
  }

  private Map<String, Object> quarantined() {
    Map<String, Long> policies = new TreeMap<>();
    long objects = 0;
    for (Device device : devices) {
      device.store().policies().forEach(policy -> policies.merge("" + policy, 0L, Long::sum));
      device
          .quarantined()
          .byPolicy()
          .forEach((policy, count) -> policies.merge("" + policy, count, Long::sum));
      objects += device.store().faults().quarantinedObjects();
    }
    Map<String, Object> byPolicy = new LinkedHashMap<>();
    policies.forEach((policy, count) -> byPolicy.put(policy, Map.of("objects", count)));
    return Map.of("objects", objects, "containers", 0, "accounts", 0, "policies", byPolicy);
  }

  /// What the devices failed, and devices that are not served.
  private long driveErrors() {
    long errors = refused.size();
    for (Device device : devices) {
      for (FaultCounts.Operation operation : FaultCounts.Operation.values()) {
        errors += device.store().faults().of(operation, FaultCounts.Kind.FAILED);
      }
    }
    return errors;
  }

  private Map<String, Object> outbox() {
    List<Map<String, @Nullable Object>> list = new ArrayList<>();
    for (LeftOver device : outbox.leftOver()) {
      Map<String, @Nullable Object> json = new LinkedHashMap<>();
      json.put("device", device.device());
      json.put("due", device.due());
      json.put("oldest_seconds", device.oldest().toMillis() / MILLIS);
      json.put("last_pass", device.lastPass().map(Instant::toString).orElse(null));
      list.add(json);
    }
    return Map.of("queued", outbox.depth(), "devices", list);
  }

  private CompletableFuture<Response> devices() {
    List<CompletableFuture<Map<String, Object>>> asked = new ArrayList<>();
    for (Device device : devices) {
      asked.add(
          device
              .lane()
              .call(() -> described(device, latency(device)))
              .copy()
              .orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS)
              .exceptionally(failure -> unanswered(device)));
    }
    new TreeMap<>(refused)
        .forEach(
            (name, reason) ->
                asked.add(
                    CompletableFuture.completedFuture(
                        Map.of("device", name, "state", "refused", "reason", reason))));
    return CompletableFuture.allOf(asked.toArray(CompletableFuture[]::new))
        .thenApply(
            all -> answer(Map.of("devices", asked.stream().map(CompletableFuture::join).toList())));
  }

  /// Those that there were, by operation and kind.
  private static Map<String, Object> faults(FaultCounts counts) {
    Map<String, Object> faults = new TreeMap<>();
    for (FaultCounts.Operation operation : FaultCounts.Operation.values()) {
      for (FaultCounts.Kind kind : FaultCounts.Kind.values()) {
        long count = counts.of(operation, kind);
        if (count > 0) {
          faults.put((operation + "." + kind).toLowerCase(Locale.ROOT), count);
        }
      }
    }
    return faults;
  }

  private static Map<String, Object> counts(Device device) {
    Map<String, Object> counts = new TreeMap<>();
    for (int policy : device.store().policies()) {
      PolicyStatistics statistics = device.store().statistics(policy);
      counts.put(
          Integer.toString(policy),
          Map.of(
              "objects", statistics.objects(),
              "bytes", statistics.bytes(),
              "tombstones", statistics.tombstones()));
    }
    return counts;
  }

  /// All its threads are waiting for the disk: what is known without asking it.
  private static Map<String, Object> unanswered(Device device) {
    return Map.of(
        "device",
        device.name(),
        "state",
        "no_answer",
        "last_state",
        DeviceMeters.State.of(device.store().lastStatus()).tag(),
        "waiting",
        device.lane().depth());
  }

  /// How long calls of the device's file system and commits took, of what is measured.
  private Map<String, Object> latency(Device device) {
    Map<String, Object> latency = new TreeMap<>();
    for (String operation : List.of("read", "write", "sync")) {
      put(
          latency,
          operation,
          metrics
              .find("martlet.object.device.call.duration")
              .tags("device", device.name(), "operation", operation)
              .timer());
    }
    put(
        latency,
        "commit",
        metrics.find("martlet.object.commit.duration").tag("device", device.name()).timer());
    return latency;
  }

  /// `max_seconds` is of the last minutes, the others since the server's start.
  private static void put(Map<String, Object> latency, String name, @Nullable Timer timer) {
    if (timer != null) {
      latency.put(
          name,
          Map.of(
              "count", timer.count(),
              "seconds", timer.totalTime(TimeUnit.SECONDS),
              "max_seconds", timer.max(TimeUnit.SECONDS)));
    }
  }

  /// Why it does not serve as it should, in words; empty where it does.
  private static String reason(DeviceStatus status) {
    return switch (status) {
      case DeviceStatus.Offline offline -> offline.reason();
      case DeviceStatus.Hung hung ->
          "a write has not returned for " + hung.since().toSeconds() + " s";
      case DeviceStatus.Online online -> "";
      case DeviceStatus.LowSpace low -> "";
      case DeviceStatus.Full full -> "";
      case DeviceStatus.Closed closed -> "";
    };
  }

  private static Map<String, Object> repairs(Device device) {
    return Map.of("waiting", device.repairs().size(), "dropped", device.repairs().dropped());
  }

  /// In words; also where it cannot be read.
  private static String lastPass(Device device) {
    try {
      return device.store().lastPass().map(Instant::toString).orElse("never");
    } catch (StoreFault e) {
      return "unknown: " + e.getMessage();
    }
  }

  private static Map<String, Object> described(Device device, Map<String, Object> latency) {
    Map<String, Object> described = new TreeMap<>();
    described.put("device", device.name());
    DeviceStatus status = device.store().status();
    described.put("state", DeviceMeters.State.of(status).tag());
    described.put("reason", reason(status));
    described.put("faults", faults(device.store().faults()));
    described.put("quarantined", device.store().faults().quarantinedObjects());
    described.put("waiting", device.lane().depth());
    described.put("queued", device.store().queued());
    described.put("repairs", repairs(device));
    described.put("last_pass", lastPass(device));
    described.put("policies", counts(device));
    described.put("latency", latency);
    described.put("volumes", device.store().volumes());
    described.put("written", device.store().written());
    described.put("compaction", device.store().compaction());
    described.put("audit", device.store().auditReport());
    return described;
  }

  private Response answer(Map<String, ?> content) {
    return new Response(
        200,
        Headers.of("Content-Type", "application/json"),
        Body.of(json.writeValueAsString(content).getBytes(StandardCharsets.UTF_8)));
  }
}
