package org.martlet.role;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import org.martlet.Logging;
import org.martlet.common.http.HttpServer;
import org.martlet.common.runtime.Lifecycle;
import org.martlet.common.runtime.Readiness;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The servers of this process from start to stop.
///
/// SIGTERM and Ctrl-C stop them in order and end the process with exit code 0: first the ports of
/// clients are drained (see [HttpServer#close]), then background work ends, then the ports of
/// storage services are drained, all at the same time; then everything is closed, what was added
/// last first. Each step has a bound; a second signal cuts what is in flight. A start that fails
/// half-way stops what had started.
public final class Running implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Running.class);
  private static final Duration STOP_LIMIT = Duration.ofSeconds(20);
  private static final Duration SLACK = Duration.ofSeconds(1);

  private record Part(String name, AutoCloseable server, List<HttpServer> storagePorts) {}

  private final List<Part> parts = new ArrayList<>();
  private final List<HttpServer> clientPorts = new ArrayList<>();
  private final AtomicBoolean stopping = new AtomicBoolean();
  private final AtomicBoolean signalled = new AtomicBoolean();
  private volatile Optional<Readiness> readiness = Optional.empty();
  private final CountDownLatch stopped = new CountDownLatch(1);

  /// Adds something that runs; what was added last is closed first.
  public <T extends AutoCloseable> T add(String name, T server) {
    parts.add(new Part(name, server, List.of()));
    return server;
  }

  /// Adds storage services, whose ports are drained before anything of them is closed, and after
  /// what is added later is closed.
  <T extends AutoCloseable> T addStorage(String name, T server, List<HttpServer> ports) {
    parts.add(new Part(name, server, List.copyOf(ports)));
    return server;
  }

  /// Adds what clients speak to, whose port is drained first of all.
  public <T extends AutoCloseable> T addPublic(String name, T server, HttpServer port) {
    clientPorts.add(port);
    return add(name, server);
  }

  /// All parts run: waits for the signal to stop, then stops. Never returns: the process ends with
  /// code 0, or 1 if a part did not stop cleanly.
  ///
  /// @param whenServing tells the user; a signal that comes after it, or after the process is
  ///     ready, stops in order
  /// @param whenStopping runs first when the process is told to stop
  public void serve(Readiness told, Runnable whenServing, Runnable whenStopping) {
    readiness = Optional.of(told);
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  whenStopping.run();
                  boolean clean = stop();
                  Logging.stop();
                  Runtime.getRuntime().halt(clean ? 0 : 1);
                },
                "stop"));
    Signals.on("TERM", this::stopOrHurry);
    Signals.on("INT", this::stopOrHurry);
    told.started();
    whenServing.run();
    try {
      stopped.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// The first time the process begins to stop, then it no longer waits for clients.
  private void stopOrHurry() {
    if (signalled.compareAndSet(false, true)) {
      System.exit(0);
    }
    LOG.warn("told to stop again: what is under way is cut");
    clientPorts.forEach(HttpServer::hurry);
    parts.forEach(part -> part.storagePorts().forEach(HttpServer::hurry));
  }

  private boolean stop() {
    if (!stopping.compareAndSet(false, true)) {
      return true;
    }
    readiness.ifPresent(Readiness::stopping);
    Lifecycle lifecycle = new Lifecycle();
    List<HttpServer> storagePorts =
        parts.stream().map(Part::storagePorts).flatMap(Collection::stream).toList();
    int last = lastOfStorage();
    for (int i = 0; i < parts.size(); i++) {
      Part part = parts.get(i);
      lifecycle.onStop(part.name(), part.server()::close, STOP_LIMIT);
      if (i == last) {
        drain(lifecycle, "ports of storage services", storagePorts);
      }
    }
    drain(lifecycle, "ports of clients", clientPorts);
    try {
      lifecycle.start();
    } catch (Lifecycle.StartFailure e) {
      LOG.error("cannot stop in order", e);
    }
    boolean clean = lifecycle.stop().isEmpty();
    stopped.countDown();
    return clean;
  }

  private int lastOfStorage() {
    int last = -1;
    for (int i = 0; i < parts.size(); i++) {
      last = parts.get(i).storagePorts().isEmpty() ? last : i;
    }
    return last;
  }

  private static void drain(Lifecycle lifecycle, String name, List<HttpServer> ports) {
    Duration longest =
        ports.stream().map(HttpServer::closesWithin).max(Duration::compareTo).orElse(Duration.ZERO);
    lifecycle.onStop(name, () -> closeAll(ports), longest.plus(SLACK));
  }

  private static void closeAll(List<HttpServer> ports) {
    try (ExecutorService threads =
        Executors.newCachedThreadPool(Thread.ofPlatform().name("drain-", 0).factory())) {
      ports.forEach(port -> threads.execute(port::close));
    }
  }

  @Override
  public void close() {
    stop();
  }
}
