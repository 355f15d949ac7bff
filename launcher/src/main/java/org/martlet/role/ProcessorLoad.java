package org.martlet.role;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.function.DoubleSupplier;

/// How busy all processors were that this process may use, whoever used them, since the last look.
///
/// - Threads: any.
final class ProcessorLoad implements DoubleSupplier {
  private final OperatingSystemMXBean system =
      ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);

  /// 0 to 1; negative where the system does not tell.
  @Override
  public double getAsDouble() {
    return system.getCpuLoad();
  }
}
