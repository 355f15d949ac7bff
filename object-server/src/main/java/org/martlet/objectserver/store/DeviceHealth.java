package org.martlet.objectserver.store;

import com.google.common.base.Ticker;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.martlet.common.disk.SpaceGauge;
import org.martlet.common.kv.KeyValueFault;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Whether a device can be used, and why not. Going offline, and being closed, is for good.
///
/// Threads: any; never blocks on the device's writes, but for [#offline].
final class DeviceHealth {
  private static final Logger LOG = LoggerFactory.getLogger(DeviceHealth.class);

  private final String name;
  private final Ticker ticker;
  private final Duration syncLimit;
  private final SpaceGauge space;
  private final DamagedIndexMark damagedIndex;
  private final AtomicReference<@Nullable DeviceStatus> end = new AtomicReference<>();
  private final Set<Watch> underWay = ConcurrentHashMap.newKeySet();
  private volatile boolean indexFull;

  /// An operation that changes the device.
  final class Watch {
    private final long beganNanos = ticker.read();

    private Watch() {}

    /// It has returned; idempotent.
    void end() {
      underWay.remove(this);
    }
  }

  /// @param name of the device, for messages
  DeviceHealth(
      String name,
      Ticker ticker,
      Duration syncLimit,
      SpaceGauge space,
      DamagedIndexMark damagedIndex) {
    this.name = name;
    this.ticker = ticker;
    this.syncLimit = syncLimit;
    this.space = space;
    this.damagedIndex = damagedIndex;
  }

  DeviceStatus status() {
    DeviceStatus ended = end.get();
    if (ended != null) {
      return ended;
    }
    Duration longest = longestUnderWay();
    if (longest.compareTo(syncLimit) > 0) {
      return new DeviceStatus.Hung(longest);
    }
    if (indexFull) {
      return new DeviceStatus.Full();
    }
    return switch (space.level()) {
      case AMPLE -> new DeviceStatus.Online();
      case LOW -> new DeviceStatus.LowSpace();
      case FULL -> new DeviceStatus.Full();
    };
  }

  private Duration longestUnderWay() {
    long longest = 0;
    for (Watch watch : underWay) {
      longest = Math.max(longest, ticker.read() - watch.beganNanos);
    }
    return Duration.ofNanos(longest);
  }

  /// Why a mutation with a body of this length cannot be taken now; null if it can. A body that
  /// would leave less than the reserve is not even begun.
  MutationOutcome.@Nullable Refusal refusal(long bodyBytes) {
    return switch (status()) {
      case DeviceStatus.Online online ->
          space.hasRoomFor(bodyBytes) ? null : new MutationOutcome.InsufficientStorage();
      case DeviceStatus.LowSpace low ->
          bodyBytes == 0 ? null : new MutationOutcome.InsufficientStorage();
      case DeviceStatus.Full full -> new MutationOutcome.InsufficientStorage();
      case DeviceStatus.Hung hung -> new MutationOutcome.Unavailable(hung);
      case DeviceStatus.Offline offline -> new MutationOutcome.Unavailable(offline);
      case DeviceStatus.Closed closed -> new MutationOutcome.Unavailable(closed);
    };
  }

  /// @throws StoreFault if not even reads are possible
  void checkReadable() throws StoreFault {
    DeviceStatus ended = end.get();
    if (ended != null) {
      throw new StoreFault(name + " is " + ended, new MutationOutcome.Unavailable(ended));
    }
  }

  boolean isOver() {
    return end.get() != null;
  }

  /// A write, a sync or the removal of a file begins: the device counts as hung if it has not
  /// returned within the limit.
  Watch watch() {
    Watch watch = new Watch();
    underWay.add(watch);
    return watch;
  }

  /// The committer waits for space for the index, or does not any more: full meanwhile, whatever
  /// the measure says. It can be read.
  void indexFull(boolean now) {
    indexFull = now;
  }

  /// Takes the device offline until it is opened again. An error that is none of the device's (a
  /// broken invariant, no memory) is passed on to whoever decides for the process. A damaged index
  /// is marked, so that opening rebuilds it.
  void offline(String what, Throwable cause) {
    if (end.compareAndSet(null, new DeviceStatus.Offline(what + ": " + cause.getMessage()))) {
      LOG.error("{} goes offline: {}", name, what, cause);
    }
    if (cause instanceof KeyValueFault fault && fault.kind() == KeyValueFault.Kind.CORRUPT) {
      damagedIndex.set(fault);
    }
    Thread.UncaughtExceptionHandler process = Thread.getDefaultUncaughtExceptionHandler();
    if (cause instanceof Error && process != null) {
      process.uncaughtException(Thread.currentThread(), cause);
    }
  }

  void closed() {
    end.compareAndSet(null, new DeviceStatus.Closed());
  }

  /// Bytes that may still be written before everything is refused, by the last measure.
  long roomAtAll() {
    return space.roomAtAll();
  }

  void foundFull() {
    space.foundFull();
  }
}
