package org.martlet.proxyserver.backend;

import java.util.Collection;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.martlet.common.http.Headers;
import org.martlet.common.model.Timestamp;
import org.martlet.common.protocol.BackendHeaders;
import org.martlet.common.protocol.ObjectHeaderKind;

/// Joins what several devices say of one object, as replicas do: the body of one, the metadata and
/// the content type of whoever has them newest.
///
/// A device may have missed a POST, and another the PUT before it: the newest state is then on no
/// device alone until replicas have met.
final class NewestMetadata {
  private static final List<String> OF_METADATA =
      List.of(BackendHeaders.TIMESTAMP, "Last-Modified");

  private NewestMetadata() {}

  /// @param chosen of the answer whose body is used
  /// @param others of other answers that show the object
  /// @return the chosen headers themselves if nothing about them is older, or they are no object's
  static Headers join(Headers chosen, Collection<Headers> others) {
    if (!chosen.contains(BackendHeaders.DATA_TIMESTAMP)) {
      return chosen;
    }
    Headers metadata = newest(chosen, others, BackendHeaders.TIMESTAMP);
    Headers type = newest(chosen, others, BackendHeaders.CONTENT_TYPE_TIMESTAMP);
    if (metadata == chosen && type == chosen) {
      return chosen;
    }
    Headers joined = chosen.copy();
    if (metadata != chosen) {
      for (String name : chosen.names()) {
        if (isOfMetadata(name)) {
          joined.remove(name);
        }
      }
      metadata.forEach(
          (name, value) -> {
            if (isOfMetadata(name)) {
              joined.add(name, value);
            }
          });
    }
    if (type != chosen) {
      take(type, "Content-Type", joined);
      take(type, BackendHeaders.CONTENT_TYPE_TIMESTAMP, joined);
    }
    return joined;
  }

  private static boolean isOfMetadata(String name) {
    return OF_METADATA.stream().anyMatch(name::equalsIgnoreCase)
        || ObjectHeaderKind.of(name.toLowerCase(Locale.ROOT)) == ObjectHeaderKind.METADATA;
  }

  private static void take(Headers from, String name, Headers to) {
    String value = from.get(name);
    if (value != null) {
      to.set(name, value);
    }
  }

  private static Headers newest(Headers chosen, Collection<Headers> others, String clock) {
    Headers newest = chosen;
    @Nullable Timestamp at = AnswerClock.parse(chosen.get(clock));
    for (Headers other : others) {
      @Nullable Timestamp there = AnswerClock.parse(other.get(clock));
      if (there != null && at != null && there.isAfter(at)) {
        newest = other;
        at = there;
      }
    }
    return newest;
  }
}
