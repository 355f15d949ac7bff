package org.martlet.objectserver.server;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import org.martlet.common.disk.DiskSpace;
import org.martlet.common.protocol.StoragePolicy;
import org.martlet.objectserver.store.DeviceStatus;
import org.martlet.objectserver.store.FaultCounts;
import org.martlet.objectserver.store.PolicyStatistics;
import org.martlet.objectserver.store.VolumesReport;
import org.martlet.objectserver.store.WrittenReport;

/// What is measured of devices: `docs/metrics.md` has the table.
///
/// Reading a meter never blocks on a device.
final class DeviceMeters {
  private static final double MILLIS = 1e3;

  /// The states that `martlet.object.device.state` knows: one is 1, the others 0.
  enum State {
    ONLINE,
    LOW_SPACE,
    FULL,
    HUNG,
    OFFLINE,
    CLOSED,
    /// Was not opened.
    REFUSED;

    static State of(DeviceStatus status) {
      return switch (status) {
        case DeviceStatus.Online online -> ONLINE;
        case DeviceStatus.LowSpace low -> LOW_SPACE;
        case DeviceStatus.Full full -> FULL;
        case DeviceStatus.Hung hung -> HUNG;
        case DeviceStatus.Offline offline -> OFFLINE;
        case DeviceStatus.Closed closed -> CLOSED;
      };
    }

    String tag() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private final MeterRegistry registry;
  private final Collection<StoragePolicy> policies;

  /// @param policies of the cluster
  DeviceMeters(MeterRegistry registry, Collection<StoragePolicy> policies) {
    this.registry = registry;
    this.policies = List.copyOf(policies);
  }

  void register(Device device) {
    registerState(device);
    registerQueues(device);
    registerFaults(device);
    registerSpace(device);
    registerContent(device);
    registerVolumes(device);
    registerAudit(device);
    device.store().times().tell(new CallMeters(registry, device.name()));
  }

  private void registerState(Device device) {
    for (State state : State.values()) {
      state(device.name(), state, () -> State.of(device.store().lastStatus()));
    }
  }

  private void state(String device, State state, Supplier<State> current) {
    Gauge.builder("martlet.object.device.state", () -> current.get() == state ? 1 : 0)
        .description("1 for the state that the device is in, else 0")
        .tags("device", device, "state", state.tag())
        .register(registry);
  }

  private void registerQueues(Device device) {
    gauge(
        "lane.waiting",
        "requests that wait for a thread of the device",
        device,
        of -> of.lane().depth());
    gauge(
        "commit.queued",
        "changes that wait to be committed to the device",
        device,
        of -> of.store().queued());
    gauge(
        "repairs.queued",
        "objects that wait to be repaired out of turn",
        device,
        of -> of.repairs().size());
    counter(
        "repairs.dropped",
        "repairs that were left to the next pass for want of room",
        device,
        of -> of.repairs().dropped());
  }

  private void registerFaults(Device device) {
    FaultCounts faults = device.store().faults();
    for (FaultCounts.Operation operation : FaultCounts.Operation.values()) {
      for (FaultCounts.Kind kind : FaultCounts.Kind.values()) {
        FunctionCounter.builder(
                "martlet.object.device.faults", faults, counts -> counts.of(operation, kind))
            .description("operations of the device that went wrong")
            .tags("device", device.name())
            .tags("operation", operation.name().toLowerCase(Locale.ROOT))
            .tags("kind", kind.name().toLowerCase(Locale.ROOT))
            .register(registry);
      }
    }
    counter(
        "device.quarantined",
        "objects that were found damaged and are missing since",
        device,
        of -> of.store().faults().quarantinedObjects());
  }

  private void registerSpace(Device device) {
    bytes(
        "device.free",
        "bytes that may still be written to the file system, as last measured",
        device,
        of -> of.store().lastSpace().map(DiskSpace::usable));
    bytes(
        "device.size",
        "bytes of the file system",
        device,
        of -> of.store().lastSpace().map(DiskSpace::total));
  }

  private void bytes(
      String name, String description, Device device, Function<Device, Optional<Long>> value) {
    Gauge.builder(
            "martlet.object." + name,
            device,
            of -> value.apply(of).map(Long::doubleValue).orElse(Double.NaN))
        .description(description)
        .baseUnit("bytes")
        .tag("device", device.name())
        .register(registry);
  }

  private void registerContent(Device device) {
    for (StoragePolicy policy : policies) {
      content(device, policy, "stored.objects", PolicyStatistics::objects)
          .description("objects that are stored")
          .register(registry);
      content(device, policy, "stored.tombstones", PolicyStatistics::tombstones)
          .description("deleted objects that are still remembered")
          .register(registry);
      content(device, policy, "stored", PolicyStatistics::bytes)
          .description("bytes of the bodies of objects that are stored")
          .baseUnit("bytes")
          .register(registry);
    }
  }

  private static Gauge.Builder<Device> content(
      Device device, StoragePolicy policy, String name, ToDoubleFunction<PolicyStatistics> number) {
    return Gauge.builder(
            "martlet.object." + name,
            device,
            of -> number.applyAsDouble(of.store().statistics(policy.index())))
        .tags("device", device.name(), "policy", Integer.toString(policy.index()));
  }

  private void registerVolumes(Device device) {
    gauge("volumes", "files of the log", device, of -> of.store().volumes().count());
    volume(device, "live", VolumesReport::liveBytes);
    volume(device, "gone", VolumesReport::goneBytes);
    volume(device, "dead", all -> all.bytes() - all.liveBytes() - all.goneBytes());
    written(device, "users", WrittenReport::userBytes);
    written(device, "compaction", WrittenReport::compactionBytes);
    FunctionCounter.builder(
            "martlet.object.compaction.freed", device, of -> of.store().compaction().freedBytes())
        .description("bytes of volumes that compaction has removed")
        .baseUnit("bytes")
        .tag("device", device.name())
        .register(registry);
    gauge(
        "compaction.failed",
        "volumes that compaction cannot read, and whose garbage stays",
        device,
        of -> of.store().compaction().failedVolumes());
  }

  private void volume(Device device, String content, ToDoubleFunction<VolumesReport> bytes) {
    Gauge.builder("martlet.object.volume", device, of -> bytes.applyAsDouble(of.store().volumes()))
        .description(
            "bytes of the log: live records, gone ones that keep older ones from coming back, and"
                + " dead ones for compaction")
        .baseUnit("bytes")
        .tags("device", device.name(), "content", content)
        .register(registry);
  }

  private void written(Device device, String cause, ToDoubleFunction<WrittenReport> bytes) {
    FunctionCounter.builder(
            "martlet.object.written", device, of -> bytes.applyAsDouble(of.store().written()))
        .description("bytes of records and bodies written to the device, without its index")
        .baseUnit("bytes")
        .tags("device", device.name(), "for", cause)
        .register(registry);
  }

  private void registerAudit(Device device) {
    counter(
        "audit.unreadable",
        "things that the audit could not read",
        device,
        of -> of.store().auditReport().unreadable());
    gauge(
        "audit.alarms",
        "ways in which the index contradicted itself at the end of the last audit",
        device,
        of -> of.store().auditReport().alarms().size());
    Gauge.builder(
            "martlet.object.audit.last.timestamp",
            device,
            of -> of.store().auditReport().progress().finishedMillis() / MILLIS)
        .description("when the last audit of the whole device ended, since 1970; 0 for never")
        .baseUnit("seconds")
        .tag("device", device.name())
        .register(registry);
  }

  private void gauge(
      String name, String description, Device device, ToDoubleFunction<Device> value) {
    Gauge.builder("martlet.object." + name, device, value)
        .description(description)
        .tag("device", device.name())
        .register(registry);
  }

  private void counter(
      String name, String description, Device device, ToDoubleFunction<Device> value) {
    FunctionCounter.builder("martlet.object." + name, device, value)
        .description(description)
        .tag("device", device.name())
        .register(registry);
  }

  /// Devices that were not opened keep their state until the process ends.
  void registerRefused(Map<String, String> refused) {
    for (String name : refused.keySet()) {
      for (State state : State.values()) {
        state(name, state, () -> State.REFUSED);
      }
    }
  }
}
