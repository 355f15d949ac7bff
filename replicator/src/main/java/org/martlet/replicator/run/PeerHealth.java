package org.martlet.replicator.run;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.martlet.common.ring.RingDevice;

/// Which devices of one space answer. One that does not is left alone by all steps and asked now
/// and then by a probe, so that a dead peer costs a timeout once, not once a step; when it answers
/// again, that is news ([#recoveredSince]).
///
/// - Bound: one entry for each device that ever failed, as far as rings name it.
/// - Threads: any; nothing blocks.
public final class PeerHealth {
  private static final Duration FIRST_PROBE = Duration.ofSeconds(1);
  private static final Duration LAST_PROBE = Duration.ofSeconds(30);

  /// A device that failed again this soon after it was back goes on where its pauses were.
  private static final Duration STEADY = Duration.ofMinutes(1);

  private static final class Standing {
    RingDevice device;
    boolean down;
    Duration pause = FIRST_PROBE;
    Instant probeAt;
    Instant upSince;
    long recovery;

    Standing(RingDevice device, Instant now) {
      this.device = device;
      this.probeAt = now;
      this.upSince = now;
    }
  }

  /// News of devices that are back.
  ///
  /// @param mark to ask from the next time
  public record Recovered(Collection<String> labels, long mark) {}

  private final InstantSource clock;
  private final Map<String, Standing> records = new HashMap<>();
  private long recoveries;

  public PeerHealth(InstantSource clock) {
    this.clock = clock;
  }

  /// What tells a device from others, whatever its number in a ring is.
  public static String label(RingDevice device) {
    return device.address() + "/" + device.device();
  }

  synchronized boolean isUp(RingDevice device) {
    @Nullable Standing record = records.get(label(device));
    return record == null || !record.down;
  }

  /// It did not do what it was asked; only some kinds of faults say that it is down.
  synchronized void failed(RingDevice device, ReplicaFault fault) {
    if (!fault.isOfDevice()) {
      return;
    }
    Instant now = clock.instant();
    Standing record = records.computeIfAbsent(label(device), label -> new Standing(device, now));
    if (record.down) {
      return;
    }
    boolean again = record.recovery > 0 && now.isBefore(record.upSince.plus(STEADY));
    record.device = device;
    record.down = true;
    record.pause = again ? longer(record.pause) : FIRST_PROBE;
    record.probeAt = now.plus(record.pause);
  }

  /// The devices to be probed now; each is handed out once.
  synchronized List<RingDevice> dueProbes() {
    Instant now = clock.instant();
    List<RingDevice> due = new ArrayList<>();
    for (Standing record : records.values()) {
      boolean clockWentBack = record.probeAt.isAfter(now.plus(LAST_PROBE));
      if (record.down && (clockWentBack || !record.probeAt.isAfter(now))) {
        record.pause = longer(record.pause);
        record.probeAt = now.plus(record.pause);
        due.add(record.device);
      }
    }
    return due;
  }

  /// It answered a probe.
  synchronized void answered(RingDevice device) {
    @Nullable Standing record = records.get(label(device));
    if (record != null && record.down) {
      record.down = false;
      record.upSince = clock.instant();
      record.recovery = ++recoveries;
    }
  }

  /// Forgets devices that no ring names any more.
  synchronized void keepOnly(Collection<RingDevice> known) {
    TreeSet<String> labels = new TreeSet<>();
    known.forEach(device -> labels.add(label(device)));
    records.keySet().retainAll(labels);
  }

  /// The devices that came back since a mark; begin with 0.
  synchronized Recovered recoveredSince(long mark) {
    TreeSet<String> labels = new TreeSet<>();
    records.forEach(
        (label, record) -> {
          if (record.recovery > mark && !record.down) {
            labels.add(label);
          }
        });
    return new Recovered(labels, recoveries);
  }

  /// The devices that do not answer now.
  synchronized List<String> down() {
    return records.entrySet().stream()
        .filter(entry -> entry.getValue().down)
        .map(Map.Entry::getKey)
        .sorted()
        .toList();
  }

  private static Duration longer(Duration pause) {
    Duration twice = pause.multipliedBy(2);
    return twice.compareTo(LAST_PROBE) < 0 ? twice : LAST_PROBE;
  }
}
