package org.martlet.objectserver.store;

import com.google.common.base.Ticker;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.martlet.common.disk.DiskSpace;
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
  private final FaultCounts faults;
  private final AtomicReference<@Nullable DeviceStatus> end = new AtomicReference<>();
  private final Set<Watch> underWay = ConcurrentHashMap.newKeySet();
  private final AtomicReference<Condition> announced = new AtomicReference<>(Condition.SERVING);
  private volatile boolean indexFull;

  /// What operators are told of when it changes.
  private enum Condition {
    SERVING,
    LOW,
    FULL,
    HUNG,
    /// Was told when it happened.
    OVER
  }

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
      DamagedIndexMark damagedIndex,
      FaultCounts faults) {
    this.name = name;
    this.ticker = ticker;
    this.syncLimit = syncLimit;
    this.space = space;
    this.damagedIndex = damagedIndex;
    this.faults = faults;
  }

  FaultCounts faults() {
    return faults;
  }

  /// The condition now; one call a second measures the space, which may block on the device.
  DeviceStatus status() {
    return status(space::level);
  }

  /// The condition as of the last measure of the space; never blocks.
  DeviceStatus lastStatus() {
    return status(space::lastLevel);
  }

  private DeviceStatus status(Supplier<SpaceGauge.Level> level) {
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
    return switch (level.get()) {
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
          space.letIn(bodyBytes) ? null : new MutationOutcome.InsufficientStorage();
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

  /// The committer waits for space for the index: full meanwhile, whatever the measure says. It can
  /// be read.
  void indexFull(KeyValueFault fault) {
    faults.index(fault);
    indexFull = true;
  }

  /// The index has space again, or nobody waits for it any more.
  void indexHasSpace() {
    indexFull = false;
  }

  /// Takes the device offline until it is opened again. An error that is none of the device's (a
  /// broken invariant, no memory) is passed on to whoever decides for the process. A damaged index
  /// is marked, so that opening rebuilds it.
  void offline(String what, Throwable cause) {
    if (end.compareAndSet(null, new DeviceStatus.Offline(what + ": " + cause.getMessage()))) {
      LOG.error(
          "{} goes offline: {}: {}. Nothing of it is served until it is opened again; other devices"
              + " go on. Look for errors of its disk (dmesg, smartctl): if the disk is sound start"
              + " the server again, else replace it (docs/durability.md, Faults)",
          name,
          what,
          cause.getMessage(),
          cause);
    }
    if (cause instanceof KeyValueFault fault) {
      faults.index(fault);
      if (fault.kind() == KeyValueFault.Kind.CORRUPT) {
        damagedIndex.set(fault);
      }
    }
    Thread.UncaughtExceptionHandler process = Thread.getDefaultUncaughtExceptionHandler();
    if (cause instanceof Error && process != null) {
      process.uncaughtException(Thread.currentThread(), cause);
    }
  }

  /// Tells operators when the device hangs or fills, and when that is over; to be called
  /// regularly. Never blocks.
  void announce() {
    DeviceStatus now = lastStatus();
    Condition condition = condition(now);
    Condition before = announced.getAndSet(condition);
    if (condition != before) {
      announce(before, condition, now);
    }
  }

  private static Condition condition(DeviceStatus status) {
    return switch (status) {
      case DeviceStatus.Online online -> Condition.SERVING;
      case DeviceStatus.LowSpace low -> Condition.LOW;
      case DeviceStatus.Full full -> Condition.FULL;
      case DeviceStatus.Hung hung -> Condition.HUNG;
      case DeviceStatus.Offline offline -> Condition.OVER;
      case DeviceStatus.Closed closed -> Condition.OVER;
    };
  }

  private void announce(Condition before, Condition now, DeviceStatus status) {
    switch (now) {
      case SERVING -> LOG.info("{} serves again; it was {}", name, before);
      case LOW ->
          LOG.warn(
              "{} is nearly full: bodies are refused (507), deletes go on. Give it less weight in"
                  + " the rings, add devices, or delete objects",
              name);
      case FULL ->
          LOG.error(
              "{} is full: every change is refused (507) until there is space, reads go on. Remove"
                  + " what is not Martlet's, or make the file system larger",
              name);
      case HUNG ->
          LOG.error(
              "{} is hung: {}. Its requests are refused (507) until the call returns; other devices"
                  + " go on. Look for errors of its disk or controller (dmesg); if it does not come"
                  + " back, restart the server without it",
              name,
              status);
      case OVER -> LOG.debug("{}: {}", name, status);
    }
  }

  void closed() {
    end.compareAndSet(null, new DeviceStatus.Closed());
  }

  /// Whether space is to be won back even where that costs much.
  ///
  /// @param needed bytes to work with
  boolean isSpaceShort(long needed) {
    return status() instanceof DeviceStatus.Full || space.isShort(needed);
  }

  /// Bytes that may still be written before everything is refused, by the last measure.
  long roomAtAll() {
    return space.roomAtAll();
  }

  /// A volume was removed.
  void foundMoreSpace() {
    space.foundMore();
  }

  /// The space as it was last measured; empty before the first measure.
  Optional<DiskSpace> lastSpace() {
    return space.lastSpace();
  }

  void foundFull() {
    space.foundFull();
  }
}
