package org.martlet.bench;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;

/// Measures time and the CPU that this process used meanwhile.
final class Stopwatch {
  private final OperatingSystemMXBean system =
      ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
  private final long wallStart = System.nanoTime();
  private final long cpuStart = system.getProcessCpuTime();

  /// Seconds since it was made.
  double seconds() {
    return (System.nanoTime() - wallStart) / 1e9;
  }

  /// CPU seconds of all threads, native ones included, since it was made.
  double cpuSeconds() {
    return (system.getProcessCpuTime() - cpuStart) / 1e9;
  }
}
