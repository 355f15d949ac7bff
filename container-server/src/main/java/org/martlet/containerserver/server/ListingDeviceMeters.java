package org.martlet.containerserver.server;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import org.martlet.common.disk.DiskSpace;
import org.martlet.common.runtime.DeviceLane;

/// What is measured of devices with listings, beside what their stores measure.
///
/// Reading a meter never blocks on a device.
final class ListingDeviceMeters {
  /// The states that `martlet.listing.device.state` knows: one is 1, the others 0.
  enum State {
    OPENING,
    ONLINE,
    /// Open, but it hangs or has failed.
    UNAVAILABLE,
    OFFLINE,
    REFUSED;

    static State of(DeviceState state) {
      return switch (state) {
        case DeviceState.Opening opening -> OPENING;
        case DeviceState.Online online ->
            online.store().unavailable() == null ? ONLINE : UNAVAILABLE;
        case DeviceState.Refused refused -> REFUSED;
        case DeviceState.Offline offline -> OFFLINE;
      };
    }
  }

  private final MeterRegistry registry;

  ListingDeviceMeters(MeterRegistry registry) {
    this.registry = registry;
  }

  void register(ListingDevice device) {
    for (State state : State.values()) {
      Gauge.builder(
              "martlet.listing.device.state", device, of -> State.of(of.state()) == state ? 1 : 0)
          .description("1 for the state that the device is in, else 0")
          .tags("device", device.name(), "state", state.name().toLowerCase(Locale.ROOT))
          .register(registry);
    }
    waiting(device, "clients", device.lane());
    waiting(device, "background", device.background());
    space(
        device,
        "device.free",
        "bytes that may still be written to the file system, as last measured",
        DiskSpace::usable);
    space(device, "device.size", "bytes of the file system", DiskSpace::total);
  }

  private void waiting(ListingDevice device, String who, DeviceLane lane) {
    Gauge.builder("martlet.listing.lane.waiting", lane, DeviceLane::depth)
        .description("requests that wait for a thread of the device")
        .tags("device", device.name(), "for", who)
        .register(registry);
  }

  private void space(
      ListingDevice device, String name, String description, Function<DiskSpace, Long> bytes) {
    Gauge.builder("martlet.listing." + name, device, of -> orNan(of.lastSpace().map(bytes)))
        .description(description)
        .baseUnit("bytes")
        .tag("device", device.name())
        .register(registry);
  }

  private static double orNan(Optional<Long> bytes) {
    return bytes.map(Long::doubleValue).orElse(Double.NaN);
  }
}
