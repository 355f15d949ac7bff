package org.martlet.common.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.martlet.common.model.ByteSize;
import tools.jackson.databind.JsonNode;

/// TOML values as typed ones. What is wrong with one is an [IllegalArgumentException] whose message
/// goes on after "the key is".
final class Values {
  private Values() {}

  static String text(JsonNode node) {
    if (!node.isString()) {
      throw new IllegalArgumentException("not a text in quotes: " + node);
    }
    return node.stringValue();
  }

  static Secret secret(JsonNode node) {
    if (!node.isString()) {
      throw new IllegalArgumentException("not a text in quotes");
    }
    return new Secret(node.stringValue());
  }

  static Path path(JsonNode node) {
    String text = text(node);
    if (text.isEmpty()) {
      throw new IllegalArgumentException("an empty path");
    }
    return Path.of(text);
  }

  static boolean bool(JsonNode node) {
    if (!node.isBoolean()) {
      throw new IllegalArgumentException("neither true nor false: " + node);
    }
    return node.booleanValue();
  }

  static long integer(JsonNode node, long min, long max) {
    if (!node.isIntegralNumber()) {
      throw new IllegalArgumentException("not a whole number: " + node);
    }
    if (!node.canConvertToLong() || node.longValue() < min || node.longValue() > max) {
      throw new IllegalArgumentException("not from " + min + " to " + max + ": " + node);
    }
    return node.longValue();
  }

  static double decimal(JsonNode node, double min, double max) {
    if (!node.isNumber()) {
      throw new IllegalArgumentException("not a number: " + node);
    }
    double value = node.doubleValue();
    if (!(value >= min && value <= max)) {
      throw new IllegalArgumentException("not from " + min + " to " + max + ": " + node);
    }
    return value;
  }

  static ByteSize size(JsonNode node) {
    return node.isIntegralNumber()
        ? new ByteSize(integer(node, 0, Long.MAX_VALUE))
        : ByteSize.parse(text(node));
  }

  static List<String> texts(JsonNode node) {
    if (!node.isArray()) {
      throw new IllegalArgumentException("not a list: " + node);
    }
    List<String> texts = new ArrayList<>();
    node.forEach(element -> texts.add(text(element)));
    return List.copyOf(texts);
  }

  static <E extends Enum<E>> E choice(JsonNode node, List<E> constants) {
    String text = text(node);
    List<String> names = constants.stream().map(Values::nameOf).toList();
    int index = names.indexOf(text);
    if (index < 0) {
      throw new IllegalArgumentException(
          "none of " + String.join(", ", names) + ": " + quoted(text));
    }
    return constants.get(index);
  }

  static String nameOf(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /// As a TOML basic string.
  static String quoted(String text) {
    StringBuilder quoted = new StringBuilder("\"");
    text.codePoints()
        .forEach(
            c -> {
              if (c == '"' || c == '\\') {
                quoted.append('\\').appendCodePoint(c);
              } else if (c < ' ' || c == 127) {
                quoted.append(String.format(Locale.ROOT, "\\u%04X", c));
              } else {
                quoted.appendCodePoint(c);
              }
            });
    return quoted.append('"').toString();
  }
}
