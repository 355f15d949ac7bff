package org.martlet.replicator.service;

import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.martlet.common.runtime.FatalErrors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Runs services, each in a virtual thread of its own, until it is closed.
///
/// A service's first pass begins an interval after the start, or after [#passNow].
public final class ServiceLoops implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ServiceLoops.class);
  private static final Duration STOP_WITHIN = Duration.ofSeconds(15);

  private final List<Service> services;
  private final List<Loop> loops = new ArrayList<>();

  private ServiceLoops(List<Service> services) {
    this.services = List.copyOf(services);
  }

  /// @param metrics where it is seen what they do
  public static ServiceLoops start(List<Service> services, MeterRegistry metrics) {
    ServiceLoops started = new ServiceLoops(services);
    services.forEach(new ServiceMeters(metrics)::register);
    for (Service service : services) {
      started.loops.add(new Loop(service));
    }
    return started;
  }

  /// What each has done, in the order in which they were given.
  public List<ServiceStatus> status() {
    return services.stream().map(Service::status).toList();
  }

  /// Begins a pass of each, as soon as the one under way has ended.
  public void passNow() {
    loops.forEach(Loop::wake);
  }

  /// Stops, and waits for what is on the way; the budget of their requests is to be stopped before.
  @Override
  public void close() {
    loops.forEach(Loop::stop);
    loops.forEach(Loop::join);
  }

  private static final class Loop {
    private final Service service;
    private final Thread thread;
    private CountDownLatch woken = new CountDownLatch(1);
    private volatile boolean stopped;

    Loop(Service service) {
      this.service = service;
      this.thread = Thread.ofVirtual().name(service.status().name()).start(this::run);
    }

    private void run() {
      long begun = System.nanoTime();
      while (!stopped) {
        try {
          long left = service.interval().toNanos() - (System.nanoTime() - begun);
          if (latch().await(left, TimeUnit.NANOSECONDS)) {
            renew();
          }
          begun = System.nanoTime();
          if (!stopped) {
            service.pass();
          }
        } catch (InterruptedException e) {
          return;
        } catch (RuntimeException | Error e) {
          LOG.error("{} failed; it goes on", thread.getName(), e);
          FatalErrors.passOn(e);
        }
      }
    }

    private synchronized CountDownLatch latch() {
      return woken;
    }

    private synchronized void renew() {
      woken = new CountDownLatch(1);
    }

    synchronized void wake() {
      woken.countDown();
    }

    void stop() {
      stopped = true;
      wake();
      thread.interrupt();
    }

    void join() {
      try {
        if (!thread.join(STOP_WITHIN)) {
          LOG.warn("{} has not stopped within {}", thread.getName(), STOP_WITHIN);
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
