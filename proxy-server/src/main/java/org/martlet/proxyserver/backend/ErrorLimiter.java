package org.martlet.proxyserver.backend;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.martlet.common.ring.RingDevice;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Remembers which devices failed lately, so that others are asked first.
///
/// A device is limited after more than `limit` errors, or at once when it says that it is full or
/// offline (507), until no error was seen for `interval`: Swift's rule.
///
/// - Bounds: at most [#MAX_DEVICES] devices are remembered; past it, all is forgotten, which costs
///   some requests to dead devices and no correctness.
/// - Threads: any; never blocks.
public final class ErrorLimiter {
  static final int MAX_DEVICES = 20_000;

  /// Counting stops here, so that no sum overflows.
  private static final int MOST = 1 << 29;

  private static final Logger LOG = LoggerFactory.getLogger(ErrorLimiter.class);

  private volatile Rule rule;
  private final InstantSource clock;
  private final ConcurrentHashMap<String, Errors> devices = new ConcurrentHashMap<>();
  private final LongAdder errors = new LongAdder();

  public ErrorLimiter(int limit, Duration interval, InstantSource clock) {
    this.rule = new Rule(limit, interval);
    this.clock = clock;
  }

  private record Rule(int limit, Duration interval) {}

  /// Puts another rule in force; what was counted counts.
  public void set(int limit, Duration interval) {
    rule = new Rule(limit, interval);
  }

  private record Errors(int count, Instant last) {}

  /// Whether other devices should be asked first.
  public boolean isLimited(RingDevice device) {
    if (devices.isEmpty()) {
      return false;
    }
    String key = BackendNode.key(device);
    Errors errors = devices.get(key);
    if (errors == null) {
      return false;
    }
    if (isOver(errors, clock.instant())) {
      devices.remove(key, errors);
      return false;
    }
    return errors.count > rule.limit;
  }

  /// Counts a fault or a status of 500 and above.
  ///
  /// @param why for the log
  public void failed(RingDevice device, String why) {
    add(device, 1, why);
  }

  /// The device said that it cannot take anything (507).
  public void unusable(RingDevice device) {
    add(device, rule.limit + 1, "insufficient storage");
  }

  /// How many devices are limited now.
  public int limitedDevices() {
    Instant now = clock.instant();
    int limit = rule.limit;
    return (int)
        devices.values().stream().filter(of -> of.count > limit && !isOver(of, now)).count();
  }

  /// How often any device failed since the start.
  public long errors() {
    return errors.sum();
  }

  private void add(RingDevice device, int weight, String why) {
    errors.increment();
    Instant now = clock.instant();
    Rule inForce = rule;
    int limit = inForce.limit;
    if (devices.size() >= MAX_DEVICES) {
      devices.clear();
    }
    String key = BackendNode.key(device);
    Errors after =
        devices.merge(
            key,
            new Errors(weight, now),
            (old, added) ->
                isOver(old, now)
                    ? added
                    : new Errors(Math.min(MOST, old.count + added.count), now));
    if (after.count <= limit) {
      LOG.info("{} failed: {} ({} of {} errors)", key, why, after.count, limit);
    } else if (after.count - weight <= limit) {
      LOG.warn("{} is not asked first until {} without an error: {}", key, inForce.interval, why);
    } else {
      LOG.debug("{} failed again: {}", key, why);
    }
  }

  private boolean isOver(Errors errors, Instant now) {
    return Duration.between(errors.last, now).compareTo(rule.interval) > 0;
  }
}
