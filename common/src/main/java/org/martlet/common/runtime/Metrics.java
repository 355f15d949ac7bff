package org.martlet.common.runtime;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmHeapPressureMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;

/// The meters of one process, as Prometheus scrapes them. Hand [#registry] to what is to be
/// measured.
///
/// Threads: any.
public final class Metrics implements AutoCloseable {
  /// The content type of [#scrape].
  public static final String CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

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
    new JvmMemoryMetrics().bindTo(registry);
    new JvmThreadMetrics().bindTo(registry);
    new ProcessorMetrics().bindTo(registry);
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
