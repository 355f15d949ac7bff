package org.martlet.objectserver.server;

import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.martlet.common.runtime.Buckets;
import org.martlet.objectserver.store.DeviceTimes;
import org.martlet.objectserver.store.FaultCounts;

/// How long the calls of one device take.
///
/// - Threads: any; all meters are made at once, so that a call costs no look-up.
final class CallMeters implements DeviceTimes.Listener {
  private final Map<FaultCounts.Operation, Timer> calls =
      new EnumMap<>(FaultCounts.Operation.class);
  private final Timer commits;
  private final DistributionSummary groups;

  CallMeters(MeterRegistry registry, String device) {
    for (FaultCounts.Operation operation : FaultCounts.Operation.values()) {
      if (operation != FaultCounts.Operation.INDEX) {
        calls.put(operation, call(registry, device, operation));
      }
    }
    this.commits =
        Timer.builder("martlet.object.commit.duration")
            .description("time that it takes to write, sync and index a group of changes")
            .serviceLevelObjectives(Buckets.device())
            .tag("device", device)
            .register(registry);
    this.groups =
        DistributionSummary.builder("martlet.object.commit.group")
            .description("changes that were made durable by one sync")
            .serviceLevelObjectives(Buckets.groups())
            .tag("device", device)
            .register(registry);
  }

  private static Timer call(
      MeterRegistry registry, String device, FaultCounts.Operation operation) {
    return Timer.builder("martlet.object.device.call.duration")
        .description("time that calls of the device's file system take, without its index")
        .serviceLevelObjectives(Buckets.device())
        .tags("device", device, "operation", operation.name().toLowerCase(Locale.ROOT))
        .register(registry);
  }

  @Override
  public void called(FaultCounts.Operation operation, long nanos) {
    Timer timer = calls.get(operation);
    if (timer != null) {
      timer.record(nanos, TimeUnit.NANOSECONDS);
    }
  }

  @Override
  public void committed(int changes, long nanos) {
    groups.record(changes);
    commits.record(nanos, TimeUnit.NANOSECONDS);
  }
}
