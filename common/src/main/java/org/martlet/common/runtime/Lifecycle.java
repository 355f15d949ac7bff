package org.martlet.common.runtime;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Starts the parts of a server one after the other and stops them in reverse order, each within a
/// time of its own.
///
/// A part that hangs when it is stopped does not keep the next ones from stopping. Threads: any;
/// start and stop exclude each other.
public final class Lifecycle {
  private static final Logger LOG = LoggerFactory.getLogger(Lifecycle.class);

  /// One step of a part; whatever it throws is reported.
  public interface Step {
    void run() throws Exception;
  }

  private record Part(String name, Step start, Step stop, Duration stopWithin) {}

  private final List<Part> parts = new ArrayList<>();
  private final Deque<Part> started = new ArrayDeque<>();

  /// Adds a part that is started after those before it, and stopped before them.
  ///
  /// @param stopWithin how long the others wait for its stop
  public synchronized Lifecycle add(String name, Step start, Step stop, Duration stopWithin) {
    parts.add(new Part(name, start, stop, stopWithin));
    return this;
  }

  /// Adds a part that runs already and only has to be stopped.
  public Lifecycle onStop(String name, Step stop, Duration stopWithin) {
    return add(name, () -> {}, stop, stopWithin);
  }

  /// Starts all parts; if one fails, stops those before it.
  ///
  /// @throws StartFailure naming the part that failed
  public synchronized void start() throws StartFailure {
    for (Part part : parts) {
      try {
        part.start().run();
      } catch (Exception e) {
        stop();
        throw new StartFailure(part.name(), e);
      }
      started.push(part);
    }
  }

  /// Stops what was started, the last first. Nothing happens the second time.
  ///
  /// @return the names of the parts that failed to stop, or not in time
  public synchronized List<String> stop() {
    List<String> failed = new ArrayList<>();
    while (!started.isEmpty()) {
      Part part = started.pop();
      if (!stop(part)) {
        failed.add(part.name());
      }
    }
    return failed;
  }

  private static boolean stop(Part part) {
    CompletableFuture<Void> stopping = new CompletableFuture<>();
    Thread.ofPlatform()
        .name("stop-" + part.name())
        .daemon(true)
        .start(
            () -> {
              try {
                part.stop().run();
                stopping.complete(null);
              } catch (Throwable e) {
                stopping.completeExceptionally(e);
              }
            });
    try {
      stopping.get(part.stopWithin().toNanos(), TimeUnit.NANOSECONDS);
      return true;
    } catch (TimeoutException e) {
      LOG.warn("{} has not stopped within {}; going on without it", part.name(), part.stopWithin());
    } catch (ExecutionException e) {
      LOG.warn("{} failed to stop", part.name(), e.getCause());
    } catch (InterruptedException e) {
      LOG.warn("Interrupted while {} stopped; going on without it", part.name());
      Thread.currentThread().interrupt();
    }
    return false;
  }

  /// A part did not start; the cause says why.
  public static final class StartFailure extends Exception {
    private final String part;

    StartFailure(String part, Exception cause) {
      super(part + " did not start: " + cause.getMessage(), cause);
      this.part = part;
    }

    public String part() {
      return part;
    }
  }
}
