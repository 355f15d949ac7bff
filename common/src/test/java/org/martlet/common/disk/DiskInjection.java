package org.martlet.common.disk;

import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.martlet.common.disk.FaultyDisk.Fault;

/// One fault of a [FaultyDisk]: in the first call that matches, unless it is told otherwise.
///
/// Threads: any.
public final class DiskInjection {
  private final DiskOperation operation;
  private final Predicate<Path> path;
  private final Fault fault;
  private final CountDownLatch hanging = new CountDownLatch(1);
  private final CountDownLatch released = new CountDownLatch(1);
  private long matches;
  private long first = 1;
  private long last = 1;

  DiskInjection(DiskOperation operation, Predicate<Path> path, Fault fault) {
    this.operation = operation;
    this.path = path;
    this.fault = fault;
  }

  /// In the n-th matching call from its injection, and only in that; 1 is the first.
  public synchronized DiskInjection atCall(long n) {
    first = n;
    last = n;
    return this;
  }

  /// In that call and in every one after it, until it is stopped.
  public synchronized DiskInjection andAllAfter() {
    last = Long.MAX_VALUE;
    return this;
  }

  /// No more faults from here; calls that hang go on.
  public void stop() {
    synchronized (this) {
      last = 0;
    }
    release();
  }

  /// Matching calls so far.
  public synchronized long matches() {
    return matches;
  }

  /// Waits until a call hangs here.
  ///
  /// @return whether one does, within ten seconds
  public boolean awaitHang() throws InterruptedException {
    return hanging.await(10, TimeUnit.SECONDS);
  }

  /// Lets the calls that hang, and those to come, go on.
  public void release() {
    released.countDown();
  }

  /// @return whether the call is to give wrong bytes
  boolean meet(DiskOperation asked, Path on) throws DiskFault {
    if (asked != operation || !path.test(on) || !hits()) {
      return false;
    }
    return switch (fault) {
      case WRONG_BYTES -> true;
      case HANG -> {
        hanging.countDown();
        awaitRelease();
        yield false;
      }
      case IO_ERROR, NO_SPACE, TOO_MANY_FILES -> throw fault.at(operation, on);
    };
  }

  private synchronized boolean hits() {
    matches++;
    return matches >= first && matches <= last;
  }

  private void awaitRelease() {
    boolean interrupted = false;
    while (true) {
      try {
        released.await();
        break;
      } catch (InterruptedException e) {
        interrupted = true; // a device that hangs cannot be interrupted
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
