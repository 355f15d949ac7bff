package org.martlet.cluster;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.random.RandomGenerator;
import org.martlet.common.runtime.FatalErrors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Fetches newer rings again and again while a server runs.
///
/// - Threads: a virtual thread of its own.
public final class RingFetching implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(RingFetching.class);

  private final Thread thread;

  private RingFetching(Thread thread) {
    this.thread = thread;
  }

  /// Begins; where the cluster names no places to fetch from, there is nothing to do.
  public static RingFetching start(Cluster cluster) {
    RingSources sources = cluster.ringSources();
    RingPuller puller = new RingPuller(sources.urls(), cluster.inbox(), cluster.ringSeal());
    Runnable work = sources.urls().isEmpty() ? () -> {} : () -> run(puller, sources.interval());
    return new RingFetching(Thread.ofVirtual().name("ring-fetching").start(work));
  }

  private static void run(RingPuller puller, Duration interval) {
    while (!Thread.currentThread().isInterrupted()) {
      try {
        puller.look();
      } catch (RuntimeException | Error e) {
        LOG.error("rings could not be looked for; it goes on", e);
        FatalErrors.passOn(e);
      }
      try {
        Thread.sleep(pause(interval, ThreadLocalRandom.current()));
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  /// A fifth more or less, so that servers that were started together do not all come at once.
  static Duration pause(Duration interval, RandomGenerator random) {
    return Duration.ofNanos((long) (interval.toNanos() * (0.8 + 0.4 * random.nextDouble())));
  }

  @Override
  public void close() {
    thread.interrupt();
  }
}
