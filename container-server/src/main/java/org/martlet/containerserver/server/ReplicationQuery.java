package org.martlet.containerserver.server;

import java.util.BitSet;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;
import org.martlet.common.http.QueryString;
import org.martlet.common.http.Refused;
import org.martlet.common.model.Digest;
import org.martlet.common.model.ObjectHash;
import org.martlet.common.model.Timestamp;
import org.martlet.common.replication.HashRange;
import org.martlet.common.replication.ListingSummary;
import org.martlet.common.replication.RowNames;

/// The query of a request between replicas. What is not understood is refused with 400.
final class ReplicationQuery {
  private static final int MAX_PART_POWER = 30;

  private final QueryString query;

  ReplicationQuery(String raw) {
    this.query = QueryString.parse(raw);
    if (!query.malformed().isEmpty()) {
      throw new Refused(400, "The query is not UTF-8");
    }
  }

  private String required(String name) {
    String text = query.get(name);
    if (text == null) {
      throw new Refused(400, "The query has no " + name);
    }
    return text;
  }

  boolean has(String name) {
    return query.contains(name);
  }

  boolean isTrue(String name) {
    return "true".equals(query.get(name));
  }

  long number(String name, long max) {
    return parse(name, required(name), max);
  }

  long number(String name, long otherwise, long max) {
    @Nullable String text = query.get(name);
    return text == null ? otherwise : parse(name, text, max);
  }

  private static long parse(String name, String digits, long max) {
    boolean number =
        !digits.isEmpty()
            && digits.length() <= 18
            && digits.chars().allMatch(c -> c >= '0' && c <= '9');
    if (!number || Long.parseLong(digits) > max) {
      throw new Refused(400, "The query's " + name + " is not in 0.." + max);
    }
    return Long.parseLong(digits);
  }

  int partPower() {
    return (int) number("part_power", MAX_PART_POWER);
  }

  ObjectHash hash(String name) {
    return hash(name, required(name));
  }

  ObjectHash hashOr(String name, ObjectHash otherwise) {
    @Nullable String text = query.get(name);
    return text == null ? otherwise : hash(name, text);
  }

  private static ObjectHash hash(String name, String text) {
    try {
      return ObjectHash.parse(text);
    } catch (IllegalArgumentException e) {
      throw new Refused(400, "The query's " + name + " is no hash");
    }
  }

  /// `from` and `to`, both inclusive.
  HashRange range() {
    ObjectHash from = hash("from");
    ObjectHash to = hash("to");
    if (from.compareTo(to) > 0) {
      throw new Refused(400, "The query's range ends before it begins");
    }
    return new HashRange(from, to);
  }

  Digest digest(String name) {
    ObjectHash bytes = hash(name, required(name));
    return new Digest(bytes.high(), bytes.low());
  }

  Timestamp timestamp(String name) {
    try {
      return Timestamp.parse(required(name));
    } catch (IllegalArgumentException e) {
      throw new Refused(400, "The query's " + name + " is no timestamp");
    }
  }

  /// The name of a row; empty if there is none.
  String rowName(String name) {
    String text = query.getOr(name, "");
    if (text.length() > RowNames.MAX_NAME_BYTES) {
      throw new Refused(400, "The query's " + name + " is too long");
    }
    return text;
  }

  /// Parts of a listing's names: bit *n* of byte *m*, the least significant first, is part 8m + n.
  BitSet leaves(String name) {
    String hex = required(name);
    try {
      byte[] bytes = HexFormat.of().parseHex(hex);
      if (bytes.length == ListingSummary.LEAVES / Byte.SIZE) {
        return BitSet.valueOf(bytes);
      }
    } catch (IllegalArgumentException e) {
      throw new Refused(400, "The query's " + name + " is not hexadecimal");
    }
    throw new Refused(400, "The query's " + name + " has not 64 digits");
  }
}
