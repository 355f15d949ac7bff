package org.martlet.objectserver.server;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.martlet.objectserver.store.DeviceStatus;
import org.martlet.objectserver.store.FaultCounts;

/// What is measured of devices: `docs/http-api.md` §1.2 has the table.
///
/// Reading a meter never blocks on a device.
final class DeviceMeters {
  private static final String FAULTS = "martlet.object.device.faults";

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

  DeviceMeters(MeterRegistry registry) {
    this.registry = registry;
  }

  void register(Device device) {
    gauge("martlet.object.waiting", device, "requests that wait for a thread of the device");
    Gauge.builder("martlet.object.queued", device, queued -> queued.store().queued())
        .description("changes that wait to be committed to the device")
        .tag("device", device.name())
        .register(registry);
    for (State state : State.values()) {
      Gauge.builder(
              "martlet.object.device.state",
              device,
              asked -> State.of(asked.store().lastStatus()) == state ? 1 : 0)
          .description("1 for the state that the device is in")
          .tags("device", device.name(), "state", state.tag())
          .register(registry);
    }
    Gauge.builder("martlet.object.repairs", device, asked -> asked.repairs().size())
        .description("objects that wait to be repaired out of turn")
        .tag("device", device.name())
        .register(registry);
    FunctionCounter.builder(
            "martlet.object.repairs.dropped", device, asked -> asked.repairs().dropped())
        .description("repairs that were left to the next pass for want of room")
        .tag("device", device.name())
        .register(registry);
    registerFaults(device);
    registerWritten(device, "users", written -> written.store().written().userBytes());
    registerWritten(device, "compaction", written -> written.store().written().compactionBytes());
  }

  private void registerWritten(Device device, String cause, ToDoubleFunction<Device> bytes) {
    FunctionCounter.builder("martlet.object.written.bytes", device, bytes)
        .description("bytes of records and bodies written to the device, without its index")
        .tag("device", device.name())
        .tag("for", cause)
        .register(registry);
  }

  private void gauge(String name, Device device, String description) {
    Gauge.builder(name, device, waiting -> waiting.lane().depth())
        .description(description)
        .tag("device", device.name())
        .register(registry);
  }

  private void registerFaults(Device device) {
    FaultCounts faults = device.store().faults();
    for (FaultCounts.Operation operation : FaultCounts.Operation.values()) {
      for (FaultCounts.Kind kind : FaultCounts.Kind.values()) {
        FunctionCounter.builder(FAULTS, faults, counts -> counts.of(operation, kind))
            .description("operations of the device that went wrong")
            .tags("device", device.name())
            .tags("operation", operation.name().toLowerCase(Locale.ROOT))
            .tags("kind", kind.name().toLowerCase(Locale.ROOT))
            .register(registry);
      }
    }
    FunctionCounter.builder(
            "martlet.object.device.quarantined", faults, FaultCounts::quarantinedObjects)
        .description("objects that were found damaged and are missing since")
        .tag("device", device.name())
        .register(registry);
  }

  /// Devices that were not opened keep their state until the process ends.
  void registerRefused(Map<String, String> refused) {
    for (String name : refused.keySet()) {
      for (State state : State.values()) {
        Gauge.builder("martlet.object.device.state", () -> state == State.REFUSED ? 1 : 0)
            .description("1 for the state that the device is in")
            .tags("device", name, "state", state.tag())
            .register(registry);
      }
    }
  }
}
