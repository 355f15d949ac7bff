package org.martlet.cluster;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.martlet.common.ring.RingWatcher;

/// Which rings are in force, as meters.
public final class RingMeters {
  private static final double MILLIS = 1e3;

  private RingMeters() {}

  /// @param rings by name
  public static void register(Map<String, RingWatcher> rings, MeterRegistry registry) {
    rings.forEach((name, ring) -> register(name, ring, registry));
  }

  private static void register(String name, RingWatcher ring, MeterRegistry registry) {
    gauge(name, "version", ring, of -> of.loaded().ring().version())
        .description(
            "version of the ring in force; the same on all servers, some time after a change")
        .register(registry);
    gauge(name, "part.power", ring, of -> of.loaded().ring().partPower())
        .description("the ring has two to the power of this partitions")
        .register(registry);
    gauge(name, "devices", ring, of -> of.loaded().ring().devices().size())
        .description("devices of the ring")
        .register(registry);
    gauge(name, "previous", ring, of -> of.holder().previous().isPresent() ? 1 : 0)
        .description("1 while the ring before is kept, since not all has moved yet")
        .register(registry);
    gauge(name, "modified.timestamp", ring, of -> of.modified().toEpochMilli() / MILLIS)
        .description("when the file of the ring in force was written, since 1970")
        .baseUnit("seconds")
        .register(registry);
  }

  private static Gauge.Builder<RingWatcher> gauge(
      String ring, String name, RingWatcher watcher, ToDoubleFunction<RingWatcher> value) {
    return Gauge.builder("martlet.ring." + name, watcher, value).tag("ring", ring);
  }
}
