package org.martlet.common.device;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;

/// Whether a device that was away may come back with what it holds.
///
/// Tombstones are forgotten once they are `reclaimAge` old and all others have them. What a device
/// that was away for longer still holds may have been deleted, by a tombstone that nobody
/// remembers: it would be brought back to life.
///
/// @param check whether anything is refused
/// @param reclaimAge how long others remember what was deleted
public record RejoinRule(boolean check, Duration reclaimAge) {
  public static final RejoinRule DEFAULT = new RejoinRule(true, Duration.ofDays(7));

  public RejoinRule {
    if (!reclaimAge.isPositive()) {
      throw new IllegalArgumentException("the reclaim age is not above zero: " + reclaimAge);
    }
  }

  /// Whether what a device holds cannot be trusted any more, by when it last was in touch.
  public boolean isStale(Instant last, Instant now) {
    return check && Duration.between(last, now).compareTo(reclaimAge) > 0;
  }

  /// To be asked before a device that holds anything is opened.
  ///
  /// @throws DeviceRefused if it was away for too long; the message says what to do
  /// @throws IOException if the disk fails
  public void check(LastPass pass, Path root, Instant now) throws IOException {
    if (!check) {
      return;
    }
    Instant last = pass.read().orElse(now);
    if (isStale(last, now)) {
      throw new DeviceRefused(
          "%s was last in touch with the devices that it shares its data with at %s, longer ago than "
                  .formatted(root, last)
              + "the reclaim age (%d h): what was deleted since may be forgotten there and come back from here; "
                  .formatted(reclaimAge.toHours())
              + howToRejoin(root));
    }
  }

  static String howToRejoin(Path root) {
    return ("'martlet rejoin-device --discard-stale %s' moves its data aside and lets it begin empty,"
            + " '--trust' takes its data as it is")
        .formatted(root);
  }
}
