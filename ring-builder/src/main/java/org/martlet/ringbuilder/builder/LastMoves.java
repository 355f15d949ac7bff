package org.martlet.ringbuilder.builder;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.BitSet;

/// When a replica of each partition last moved.
final class LastMoves {
  private static final int SECONDS_PER_HOUR = 3600;

  /// By partition, seconds since 1970, 0 = long ago; empty before the first assignment.
  private final long[] seconds;

  LastMoves(long[] seconds) {
    this.seconds = seconds;
  }

  static LastMoves none() {
    return new LastMoves(new long[0]);
  }

  LastMoves copy() {
    return new LastMoves(seconds.clone());
  }

  long[] seconds() {
    return seconds;
  }

  void forget() {
    Arrays.fill(seconds, 0);
  }

  /// How long until no partition waits any more.
  Duration left(int minPartHours, Instant now) {
    long last = 0;
    for (long second : seconds) {
      last = Math.max(last, second);
    }
    Instant free = Instant.ofEpochSecond(last).plus(Duration.ofHours(minPartHours));
    Duration left = Duration.between(now, free);
    return left.isNegative() || last == 0 ? Duration.ZERO : left;
  }

  /// The partitions that moved too recently, and those in which two tables differ.
  BitSet frozen(int[][] old, int[][] now, int minPartHours, long second) {
    long wait = (long) minPartHours * SECONDS_PER_HOUR;
    BitSet frozen = new BitSet(seconds.length);
    for (int part = 0; part < seconds.length; part++) {
      boolean waits = seconds[part] != 0 && second - seconds[part] < wait;
      if (waits || RowTable.differ(old, now, part)) {
        frozen.set(part);
      }
    }
    return frozen;
  }

  /// Notes the partitions in which two tables differ.
  void note(int[][] old, int[][] now, long second) {
    for (int part = 0; part < seconds.length; part++) {
      if (RowTable.differ(old, now, part)) {
        seconds[part] = second;
      }
    }
  }
}
