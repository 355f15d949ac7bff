package org.martlet.status;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.martlet.terminal.Words;

/// How fast things go, between two samples. A counter that went back (a server was started again)
/// counts as nothing.
///
/// @param objects that devices hold more, all copies; may be negative
/// @param written bytes for users, all copies
/// @param replicated bytes brought to other devices
/// @param outbox listing updates left over more; may be negative
record Rates(double seconds, double objects, double written, double replicated, double outbox) {

  /// @return null where there is no sample before, or no time between
  static @Nullable Rates between(@Nullable ClusterStatus before, ClusterStatus now) {
    if (before == null) {
      return null;
    }
    double seconds =
        Duration.between(Instant.parse(before.time()), Instant.parse(now.time())).toMillis() / 1e3;
    if (seconds <= 0) {
      return null;
    }
    return new Rates(
        seconds,
        (objects(now) - objects(before)) / seconds,
        Math.max(0, written(now) - written(before)) / seconds,
        Math.max(0, replicated(now) - replicated(before)) / seconds,
        (now.outbox().due() - before.outbox().due()) / seconds);
  }

  private static double objects(ClusterStatus status) {
    return status.devices().stream().mapToDouble(ClusterStatus.Device::objects).sum();
  }

  private static double written(ClusterStatus status) {
    return status.devices().stream().mapToDouble(ClusterStatus.Device::writtenBytes).sum();
  }

  private static double replicated(ClusterStatus status) {
    return status.replication().stream().mapToDouble(ClusterStatus.Pass::movedBytes).sum();
  }

  String text() {
    return "%+.1f copies/s, %s/s written for users, %s/s replicated, listing updates due %+.1f/s"
        .formatted(
            objects, Words.size(Math.round(written)), Words.size(Math.round(replicated)), outbox);
  }
}
