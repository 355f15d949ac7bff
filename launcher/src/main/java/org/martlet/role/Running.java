package org.martlet.role;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.martlet.Logging;
import org.martlet.common.runtime.Lifecycle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The servers of this process from start to stop.
///
/// SIGTERM and Ctrl-C stop them in reverse order, each within a bound, and end the process with
/// exit code 0. A start that fails half-way stops what had started.
public final class Running implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Running.class);
  private static final Duration STOP_LIMIT = Duration.ofSeconds(20);

  private record Part(String name, AutoCloseable server) {}

  private final Deque<Part> parts = new ArrayDeque<>();
  private final AtomicBoolean stopping = new AtomicBoolean();
  private final CountDownLatch stopped = new CountDownLatch(1);

  /// Adds something that runs; what was added last is stopped first.
  public <T extends AutoCloseable> T add(String name, T server) {
    parts.push(new Part(name, server));
    return server;
  }

  /// Waits for the signal to stop, after having run the action. Never returns: the process ends
  /// with code 0, or 1 if a part did not stop cleanly.
  public void serve(Runnable whenStopping) {
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
    try {
      stopped.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean stop() {
    if (!stopping.compareAndSet(false, true)) {
      return true;
    }
    Lifecycle lifecycle = new Lifecycle();
    parts
        .reversed()
        .forEach(part -> lifecycle.onStop(part.name(), part.server()::close, STOP_LIMIT));
    try {
      lifecycle.start();
    } catch (Lifecycle.StartFailure e) {
      LOG.error("cannot stop in order", e);
    }
    boolean clean = lifecycle.stop().isEmpty();
    stopped.countDown();
    return clean;
  }

  @Override
  public void close() {
    stop();
  }
}
