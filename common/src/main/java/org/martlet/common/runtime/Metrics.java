package org.martlet.common.runtime;

import com.sun.management.OperatingSystemMXBean;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmHeapPressureMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.lang.management.ManagementFactory;

/// The meters of one process, as Prometheus scrapes them. Hand [#registry] to what is to be
/// measured.
///
/// Threads: any.
public final class Metrics implements AutoCloseable {
  /// The content type of [#scrape].
  public static final String CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

  private static final double NANOS = 1e9;

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final JvmGcMetrics gc = new JvmGcMetrics();
  private final JvmHeapPressureMetrics heap = new JvmHeapPressureMetrics();

  public MeterRegistry registry() {
    return registry;
  }

  /// Adds what the JVM tells of itself: memory, collections, threads, processors, open files, how
  /// long it runs, and its clock.
  public Metrics withJvm() {
    registry.config().meterFilter(MeterFilter.denyNameStartsWith("process.cpu.time"));
    registry.config().meterFilter(MeterFilter.denyNameStartsWith("system.cpu.count"));
    new JvmMemoryMetrics().bindTo(registry);
    new JvmThreadMetrics().bindTo(registry);
    new ProcessorMetrics().bindTo(registry);
    withProcessors();
    new FileDescriptorMetrics().bindTo(registry);
    new UptimeMetrics().bindTo(registry);
    gc.bindTo(registry);
    heap.bindTo(registry);
    Gauge.builder("martlet.clock", () -> System.currentTimeMillis() / 1e3)
        .description("the machine's clock, since 1970, to be compared with the clocks of others")
        .baseUnit("seconds")
        .register(registry);
    return this;
  }

  /// What [ProcessorMetrics] has under names that Prometheus does not want.
  private void withProcessors() {
    Gauge.builder("martlet.processors", Runtime.getRuntime(), Runtime::availableProcessors)
        .description("processors that the process may use")
        .register(registry);
    if (ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean machine) {
      FunctionCounter.builder("process.cpu", machine, of -> of.getProcessCpuTime() / NANOS)
          .description("processor time that the process has used")
          .baseUnit("seconds")
          .register(registry);
    }
  }

  /// Adds which software this is.
  public Metrics withVersion(String version) {
    Gauge.builder("martlet.build.info", () -> 1)
        .description("always 1, with the version of the software")
        .tag("version", version)
        .register(registry);
    return this;
  }

  /// All meters, in Prometheus' text format.
  public String scrape() {
    return registry.scrape(CONTENT_TYPE);
  }

  @Override
  public void close() {
    heap.close();
    gc.close();
    registry.close();
  }
}
