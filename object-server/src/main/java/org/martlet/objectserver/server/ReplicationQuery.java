package org.martlet.objectserver.server;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.martlet.common.http.QueryString;
import org.martlet.common.http.Refused;
import org.martlet.common.model.ObjectHash;
import org.martlet.common.model.Timestamp;

/// The query of a request between replicas. What is not understood is refused with 400.
final class ReplicationQuery {
  private final QueryString query;

  ReplicationQuery(String raw) {
    this.query = QueryString.parse(raw);
  }

  /// The text as it came; null for none.
  @Nullable String text(String name) {
    return query.get(name);
  }

  String required(String name) {
    String text = query.get(name);
    if (text == null) {
      throw new Refused(400, "The query has no " + name);
    }
    return text;
  }

  long number(String name, long min, long max) {
    return parse(name, required(name), min, max);
  }

  long number(String name, long otherwise, long min, long max) {
    String text = query.get(name);
    return text == null ? otherwise : parse(name, text, min, max);
  }

  private static long parse(String name, String digits, long min, long max) {
    boolean number =
        !digits.isEmpty()
            && digits.length() <= 18
            && digits.chars().allMatch(c -> c >= '0' && c <= '9');
    if (!number || Long.parseLong(digits) < min || Long.parseLong(digits) > max) {
      throw new Refused(400, "The query's " + name + " is not in " + min + ".." + max);
    }
    return Long.parseLong(digits);
  }

  int partPower() {
    return (int) number("part_power", 0, 30);
  }

  ObjectHash hash(String name) {
    String text = required(name);
    try {
      return ObjectHash.parse(text);
    } catch (IllegalArgumentException e) {
      throw new Refused(400, "The query's " + name + " is no hash");
    }
  }

  Optional<Timestamp> timestamp(String name) {
    String text = query.get(name);
    try {
      return Optional.ofNullable(text).map(Timestamp::parse);
    } catch (IllegalArgumentException e) {
      throw new Refused(400, "The query's " + name + " is no timestamp");
    }
  }
}
