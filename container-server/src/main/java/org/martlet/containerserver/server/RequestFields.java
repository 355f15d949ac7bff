package org.martlet.containerserver.server;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.martlet.common.http.Headers;
import org.martlet.common.http.Refused;
import org.martlet.common.model.Timestamp;
import org.martlet.common.protocol.BackendHeaders;
import org.martlet.common.protocol.StoragePolicies;
import org.martlet.containerserver.listing.MetadataUpdate;

/// Reads what requests carry in their headers.
final class RequestFields {
  private final Headers headers;

  RequestFields(Headers headers) {
    this.headers = headers;
  }

  boolean allowsReservedNames() {
    return isTrue(BackendHeaders.ALLOW_RESERVED_NAMES);
  }

  boolean isTrue(String name) {
    return Query.isTrue(headers.get(name));
  }

  @Nullable String get(String name) {
    return headers.get(name);
  }

  /// The request's own clock.
  ///
  /// @throws Refused 400 if it is missing or none
  Timestamp timestamp() {
    return timestamp(BackendHeaders.TIMESTAMP);
  }

  Timestamp timestamp(String name) {
    String text = headers.get(name);
    if (text == null) {
      throw new Refused(400, "Missing " + name + " header");
    }
    return parse(name, text);
  }

  Timestamp timestampOr(String name, Timestamp otherwise) {
    String text = headers.get(name);
    return text == null ? otherwise : parse(name, text);
  }

  private static Timestamp parse(String name, String text) {
    try {
      return Timestamp.parse(text.strip());
    } catch (IllegalArgumentException e) {
      throw new Refused(400, "Invalid " + name + " header");
    }
  }

  /// A whole number that is 0 or more.
  long number(String name) {
    String text = headers.get(name);
    if (text == null || !text.chars().allMatch(c -> c >= '0' && c <= '9')) {
      throw new Refused(400, "Missing or invalid " + name + " header");
    }
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw new Refused(400, "Invalid " + name + " header");
    }
  }

  /// A text that must be there; UTF-8 on the wire.
  String text(String name) {
    String text = headers.get(name);
    if (text == null) {
      throw new Refused(400, "Missing " + name + " header");
    }
    return decode(text);
  }

  /// The policy that a request asks for.
  ///
  /// @throws Refused 400 if there is no such policy
  OptionalInt policy(String name, StoragePolicies policies) {
    String text = headers.get(name);
    if (text == null) {
      return OptionalInt.empty();
    }
    try {
      int index = Integer.parseInt(text.strip());
      if (policies.find(index).isPresent()) {
        return OptionalInt.of(index);
      }
    } catch (NumberFormatException e) {
      throw new Refused(400, "Invalid " + name + ": not a number");
    }
    throw new Refused(400, "Invalid " + name + ": no such policy");
  }

  /// User and system metadata, and what else is kept.
  ///
  /// @param kind `account` or `container`
  /// @param also further names in lower case
  /// @throws Refused 400 if a value is not UTF-8
  MetadataUpdate metadata(String kind, Set<String> also) {
    String user = "x-" + kind + "-meta-";
    String system = "x-" + kind + "-sysmeta-";
    SortedMap<String, String> values = new TreeMap<>();
    headers.forEach(
        (header, value) -> {
          String name = header.toLowerCase(Locale.ROOT);
          if (isNamed(name, user) || isNamed(name, system) || also.contains(name)) {
            checkUtf8(name);
            checkUtf8(value);
            values.put(name, value);
          }
        });
    return new MetadataUpdate(timestamp(), values);
  }

  private static boolean isNamed(String name, String prefix) {
    return name.startsWith(prefix) && name.length() > prefix.length();
  }

  private static void checkUtf8(String bytes) {
    try {
      strict(bytes);
    } catch (CharacterCodingException e) {
      throw new Refused(400, "Metadata must be valid UTF-8");
    }
  }

  /// The text that a header's bytes stand for; the bytes as Latin-1 where they are not UTF-8.
  static String decode(String bytes) {
    try {
      return strict(bytes);
    } catch (CharacterCodingException e) {
      return bytes;
    }
  }

  private static String strict(String bytes) throws CharacterCodingException {
    if (bytes.chars().allMatch(c -> c < 0x80)) {
      return bytes;
    }
    return StandardCharsets.UTF_8
        .newDecoder()
        .decode(ByteBuffer.wrap(bytes.getBytes(StandardCharsets.ISO_8859_1)))
        .toString();
  }
}
