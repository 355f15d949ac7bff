package org.martlet.objectserver.server;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.IntSupplier;
import org.martlet.common.http.Body;
import org.martlet.common.http.Headers;
import org.martlet.common.http.Refused;
import org.martlet.common.http.Response;
import org.martlet.objectserver.store.FaultCounts;
import org.martlet.objectserver.store.PolicyStatistics;
import org.martlet.objectserver.store.StoreFault;
import tools.jackson.databind.json.JsonMapper;

/// `GET /recon/…`: what operators may see without a signature; read-only, no names of objects.
final class ReconHandler {
  private final String version;
  private final Collection<Device> devices;
  private final Map<String, String> refused;
  private final IntSupplier outboxDepth;
  private final JsonMapper json = JsonMapper.builder().build();

  /// @param refused devices that were not opened, and why
  ReconHandler(
      String version,
      Collection<Device> devices,
      Map<String, String> refused,
      IntSupplier outboxDepth) {
    this.version = version;
    this.devices = devices;
    this.refused = refused;
    this.outboxDepth = outboxDepth;
  }

  CompletableFuture<Response> get(String path) {
    return switch (path) {
      case "/recon/version" ->
          CompletableFuture.completedFuture(answer(Map.of("version", version)));
      case "/recon/outbox" ->
          CompletableFuture.completedFuture(answer(Map.of("queued", outboxDepth.getAsInt())));
      case "/recon/devices" -> devices();
      default -> throw new Refused(404, "Known are /recon/version, /recon/devices, /recon/outbox");
    };
  }

  private CompletableFuture<Response> devices() {
    List<CompletableFuture<Map<String, Object>>> asked = new ArrayList<>();
    for (Device device : devices) {
      asked.add(
          device.lane().call(() -> described(device)).exceptionally(failure -> unanswered(device)));
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
        "no answer",
        "last_state",
        device.store().lastStatus().toString(),
        "waiting",
        device.lane().depth());
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

  private static Map<String, Object> described(Device device) {
    Map<String, Object> described = new TreeMap<>();
    described.put("device", device.name());
    described.put("state", device.store().status().toString());
    described.put("faults", faults(device.store().faults()));
    described.put("quarantined", device.store().faults().quarantinedObjects());
    described.put("waiting", device.lane().depth());
    described.put("repairs", repairs(device));
    described.put("last_pass", lastPass(device));
    described.put("policies", counts(device));
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
