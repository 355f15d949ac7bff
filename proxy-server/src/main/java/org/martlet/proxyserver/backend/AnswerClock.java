package org.martlet.proxyserver.backend;

import org.jspecify.annotations.Nullable;
import org.martlet.common.http.Headers;
import org.martlet.common.model.ObjectPath;
import org.martlet.common.model.Timestamp;
import org.martlet.common.protocol.BackendHeaders;
import org.martlet.proxyserver.quorum.Vote;

/// The clocks that an answer names.
///
/// Of an object that is its newest change, tombstones included. An account or container has no such
/// clock: one that was deleted may be alive with an older PUT, because an object was put into it.
/// So the 404 of one that was deleted counts as very old: it says that the server knows of it, and
/// outdates nobody.
final class AnswerClock {
  private static final String PUT_TIMESTAMP = "X-PUT-Timestamp";
  private static final String BACKEND_PUT_TIMESTAMP = "X-Backend-PUT-Timestamp";
  private static final String BACKEND_DELETE_TIMESTAMP = "X-Backend-DELETE-Timestamp";

  private AnswerClock() {}

  /// What a device's answer says of its clocks.
  ///
  /// @param counted the status that it counts as
  static Vote vote(Vote.Voter voter, int counted, ObjectPath path, int status, Headers headers) {
    Timestamp data = path.object() == null ? null : newest(headers, BackendHeaders.DATA_TIMESTAMP);
    return new Vote(voter, counted, of(path, status, headers), data);
  }

  private static @Nullable Timestamp of(ObjectPath path, int status, Headers headers) {
    if (path.object() != null) {
      return newest(headers, BackendHeaders.STORED_TIMESTAMP, BackendHeaders.DATA_TIMESTAMP);
    }
    if (status != 404) {
      return newest(headers, PUT_TIMESTAMP, BACKEND_PUT_TIMESTAMP);
    }
    Timestamp deleted = newest(headers, BACKEND_DELETE_TIMESTAMP, BackendHeaders.STORED_TIMESTAMP);
    return deleted == null || deleted.equals(Timestamp.ZERO) ? null : Timestamp.ZERO;
  }

  private static @Nullable Timestamp newest(Headers headers, String... names) {
    Timestamp newest = null;
    for (String name : names) {
      Timestamp clock = parse(headers.get(name));
      if (clock != null && (newest == null || clock.isAfter(newest))) {
        newest = clock;
      }
    }
    return newest;
  }

  /// A clock that cannot be read counts as none.
  static @Nullable Timestamp parse(@Nullable String text) {
    if (text == null) {
      return null;
    }
    try {
      return Timestamp.parse(text);
    } catch (IllegalArgumentException e) {
      return null;
    }
  }
}
