package org.martlet.replicator.service;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.martlet.replicator.run.ReplicaFault;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Counts what a service does.
///
/// - Threads: any.
final class ServiceProgress {
  private static final Logger LOG = LoggerFactory.getLogger(ServiceProgress.class);

  private final String name;
  private long done;
  private long left;
  private long errors;
  private boolean running;
  private Instant began = Instant.EPOCH;
  private long doneBefore;
  private long lastDone;
  private @Nullable Instant lastPass;
  private @Nullable Duration lastTook;
  private @Nullable String lastError;

  ServiceProgress(String name) {
    this.name = name;
  }

  synchronized void begun(Instant now) {
    began = now;
    doneBefore = done;
    left = 0;
    errors = 0;
    running = true;
  }

  synchronized void ended(Instant now) {
    running = false;
    lastPass = now;
    Duration took = Duration.between(began, now);
    lastTook = took.isNegative() ? Duration.ZERO : took;
    lastDone = done - doneBefore;
  }

  synchronized void done() {
    done++;
  }

  synchronized void left() {
    left++;
  }

  /// Something failed and is left; not if this side is stopping.
  synchronized void failed(String what, ReplicaFault fault) {
    if (fault.kind() == ReplicaFault.Kind.STOPPED) {
      return;
    }
    errors++;
    lastError = what + ": " + fault.getMessage();
    LOG.debug("{}: {}", name, lastError, fault);
  }

  synchronized ServiceStatus status() {
    return new ServiceStatus(
        name,
        done,
        left,
        errors,
        running,
        Optional.ofNullable(lastPass),
        Optional.ofNullable(lastTook),
        lastDone,
        Optional.ofNullable(lastError));
  }
}
