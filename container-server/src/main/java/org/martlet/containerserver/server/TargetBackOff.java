package org.martlet.containerserver.server;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/// Which targets failed lately and are left alone for a while, longer each time.
///
/// Threads: any.
final class TargetBackOff {
  private static final Duration LONGEST = Duration.ofMinutes(5);
  private static final int MAX_TARGETS = 10_000;

  private final Duration first;
  private final Map<AccountTarget, Failures> failing = new LinkedHashMap<>();

  private record Failures(int count, long notedAtNanos, long untilNanos) {}

  TargetBackOff(Duration first) {
    this.first = first;
  }

  /// @param now in nanoseconds, from any ticker
  synchronized boolean isLeftAlone(AccountTarget target, long now) {
    Failures failures = failing.get(target);
    return failures != null && failures.untilNanos() - now > 0;
  }

  synchronized void succeeded(AccountTarget target) {
    failing.remove(target);
  }

  /// Notes a failure; what had begun before the last one was noted is part of the same.
  ///
  /// @param began when what failed was begun
  /// @return whether it is the first failure in a row
  synchronized boolean failed(AccountTarget target, long began, long now) {
    Failures before = failing.get(target);
    if (before != null && before.notedAtNanos() - began > 0) {
      return false;
    }
    failing.remove(target);
    int count = before == null ? 1 : before.count() + 1;
    if (failing.size() >= MAX_TARGETS) {
      failing.remove(failing.keySet().iterator().next());
    }
    long until = now + delay(first, count - 1, LONGEST).toNanos();
    failing.put(target, new Failures(count, now, until));
    return count == 1;
  }

  /// Doubled each time, up to the longest.
  static Duration delay(Duration first, int doublings, Duration longest) {
    Duration delay = first;
    for (int i = 0; i < doublings && delay.compareTo(longest) < 0; i++) {
      delay = delay.multipliedBy(2);
    }
    return delay.compareTo(longest) < 0 ? delay : longest;
  }
}
