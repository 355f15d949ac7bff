package org.martlet.objectserver.store;

import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A thread that does the same work again and again, an interval after it was last done or as soon
/// as it is asked to, until it is stopped.
///
/// Nothing may depend on when: it waits on wall time. What the work throws ends the loop; work
/// that has to go on catches what it can.
///
/// Threads: any. Its own is never interrupted by it, since that would close the files it reads.
final class BackgroundLoop {
  private static final Logger LOG = LoggerFactory.getLogger(BackgroundLoop.class);

  private final String name;
  private final Duration interval;
  private final Runnable work;
  private final Thread thread;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition change = lock.newCondition();
  private boolean wanted;
  private volatile boolean stopped;

  /// @param name of the thread
  /// @param interval between the end of one turn and the begin of the next
  BackgroundLoop(String name, Duration interval, Runnable work) {
    this.name = name;
    this.interval = interval;
    this.work = work;
    this.thread = Thread.ofPlatform().daemon().name(name).unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  private void run() {
    while (awaitTurn()) {
      work.run();
    }
  }

  /// @return false once stopped
  private boolean awaitTurn() {
    lock.lock();
    try {
      long left = interval.toNanos();
      while (!stopped && !wanted && left > 0) {
        left = change.awaitNanos(left);
      }
      wanted = false;
      return !stopped;
    } catch (InterruptedException e) {
      LOG.warn("interrupted: {} does nothing until the device is opened again", name, e);
      Thread.currentThread().interrupt();
      return false;
    } finally {
      lock.unlock();
    }
  }

  /// Begins the next turn at once, or right after the one under way.
  void wake() {
    lock.lock();
    try {
      wanted = true;
      change.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /// Begins no turn any more; the work asks [#isStopped] whether to give up the one under way.
  void stop() {
    lock.lock();
    try {
      stopped = true;
      change.signalAll();
    } finally {
      lock.unlock();
    }
  }

  boolean isStopped() {
    return stopped;
  }

  /// Waits until it has ended, after [#stop].
  ///
  /// @return whether it has
  boolean join(Duration limit) throws InterruptedException {
    return thread.join(limit);
  }
}
