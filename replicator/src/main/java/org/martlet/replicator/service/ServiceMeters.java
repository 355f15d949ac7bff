package org.martlet.replicator.service;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Instant;
import java.util.function.ToDoubleFunction;

/// The numbers of a [ServiceStatus] as meters, by service.
final class ServiceMeters {
  private final MeterRegistry metrics;

  ServiceMeters(MeterRegistry metrics) {
    this.metrics = metrics;
  }

  void register(Service service) {
    FunctionCounter.builder("martlet.service.done", service, of -> of.status().done())
        .description("objects that the service has deleted or moved")
        .tag("service", service.status().name())
        .register(metrics);
    gauge(
        service,
        "left",
        "what the pass under way or the last one has seen, but could not do yet",
        ServiceStatus::left);
    gauge(service, "errors", "errors of the pass under way or the last one", ServiceStatus::errors);
    gauge(service, "running", "1 while a pass is under way", status -> status.running() ? 1 : 0);
    Gauge.builder("martlet.service.interval", service, of -> of.interval().toMillis() / 1e3)
        .description("time from the beginning of one pass to the next, at least")
        .baseUnit("seconds")
        .tag("service", service.status().name())
        .register(metrics);
    Gauge.builder(
            "martlet.service.last.pass.timestamp",
            service,
            of -> of.status().lastPass().map(Instant::getEpochSecond).orElse(0L))
        .description("when the last pass ended, since 1970; 0 for never")
        .baseUnit("seconds")
        .tag("service", service.status().name())
        .register(metrics);
  }

  private void gauge(
      Service service, String name, String description, ToDoubleFunction<ServiceStatus> number) {
    Gauge.builder("martlet.service." + name, service, of -> number.applyAsDouble(of.status()))
        .description(description)
        .tag("service", service.status().name())
        .register(metrics);
  }
}
