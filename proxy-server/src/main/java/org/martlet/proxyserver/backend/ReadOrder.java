package org.martlet.proxyserver.backend;

import com.google.common.base.Ticker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.martlet.common.ring.RingDevice;

/// In which order the devices that hold copies are asked: those about as fast as the fastest first,
/// among themselves in random order; then slower ones, the slowest last.
///
/// A device's time to the first byte is a moving average, which halves every [#HALF_LIFE] without
/// news, so that nobody is slow for ever. One read in [#EXPLORED] is ordered by chance alone, so
/// that there is news. A device nobody knows of counts as fast.
///
/// - Bounds: at most [#MAX_DEVICES] devices are remembered; past it, all is forgotten.
/// - Threads: any; never blocks.
public final class ReadOrder {
  static final int MAX_DEVICES = 20_000;
  static final int EXPLORED = 32;
  static final Duration HALF_LIFE = Duration.ofSeconds(10);

  /// How long a failure counts as at least: one that fails at once must not look fast.
  static final Duration FAILURE = Duration.ofSeconds(1);

  /// Up to twice the fastest and this, a device counts as fast too.
  private static final long SLACK_NANOS = Duration.ofMillis(5).toNanos();

  /// The weight of the newest observation.
  private static final double WEIGHT = 0.2;

  private final Ticker ticker;
  private final Supplier<RandomGenerator> random;
  private final ConcurrentHashMap<String, Estimate> estimates = new ConcurrentHashMap<>();

  private record Estimate(double nanos, long at) {
    double decayed(long now) {
      return nanos * Math.pow(0.5, (double) Math.max(0, now - at) / HALF_LIFE.toNanos());
    }
  }

  /// @param random gives a generator that the calling thread may use
  public ReadOrder(Ticker ticker, Supplier<RandomGenerator> random) {
    this.ticker = ticker;
    this.random = random;
  }

  /// For measuring how long a device takes: nanoseconds from an arbitrary moment.
  long now() {
    return ticker.read();
  }

  /// Notes how long a device took to answer, or that it has not answered for so long.
  void took(RingDevice device, long nanos) {
    long now = ticker.read();
    if (estimates.size() >= MAX_DEVICES) {
      estimates.clear();
    }
    estimates.merge(
        BackendNode.key(device),
        new Estimate(nanos, now),
        (old, first) ->
            new Estimate((1 - WEIGHT) * old.decayed(now) + WEIGHT * Math.max(0, nanos), now));
  }

  /// Notes that a device did not answer, or not well.
  void failed(RingDevice device, long nanos) {
    took(device, Math.max(nanos, FAILURE.toNanos()));
  }

  /// The devices, best first.
  List<RingDevice> of(List<RingDevice> devices) {
    RandomGenerator chance = random.get();
    List<RingDevice> ordered = new ArrayList<>(devices);
    Collections.shuffle(ordered, chance);
    if (chance.nextInt(EXPLORED) == 0 || estimates.isEmpty()) {
      return ordered;
    }
    long now = ticker.read();
    Map<RingDevice, Double> known = new HashMap<>();
    double fastest = Double.MAX_VALUE;
    for (RingDevice device : ordered) {
      @Nullable Estimate estimate = estimates.get(BackendNode.key(device));
      double nanos = estimate == null ? 0 : estimate.decayed(now);
      known.put(device, nanos);
      fastest = estimate == null ? fastest : Math.min(fastest, nanos);
    }
    double enough = 2 * fastest + SLACK_NANOS;
    ordered.sort(
        Comparator.comparingDouble(
            device -> {
              double nanos = known.getOrDefault(device, 0.0);
              return nanos <= enough ? 0 : nanos;
            }));
    return ordered;
  }
}
