package org.martlet.objectserver.server;

import org.martlet.common.http.Refused;
import org.martlet.common.model.Timestamp;
import org.martlet.objectserver.state.Metadata;
import org.martlet.objectserver.state.ObjectState;

/// When an object is no longer shown: decided at each read from its merged record, never stored.
final class Expiry {
  static final String DELETE_AT = Metadata.DELETE_AT;

  /// The largest `X-Delete-At`: ten digits, as every timestamp.
  static final long MAX_SECONDS = 9_999_999_999L;

  private Expiry() {}

  /// Whether a live object has passed its time at that moment.
  static boolean hasPassed(ObjectState state, Timestamp now) {
    long deleteAt = state.metadata().deleteAt();
    return deleteAt > 0 && deleteAt * Timestamp.TICKS_PER_SECOND <= now.ticks();
  }

  /// Whether there is something to show at that moment.
  static boolean isShown(ObjectState state, Timestamp now) {
    return state.isLive() && !hasPassed(state, now);
  }

  /// Reads a header's value.
  ///
  /// @return seconds, 0 for an empty value
  /// @throws Refused 400 for what is no whole number of seconds, or out of range
  static long parse(String name, String value) {
    String digits = value.strip();
    if (digits.isEmpty()) {
      return 0;
    }
    if (digits.length() > 10 || !digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
      throw new Refused(400, "Non-integer " + name);
    }
    return Long.parseLong(digits);
  }
}
