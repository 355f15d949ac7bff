package org.martlet.common.config;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.martlet.common.config.ConfigEntry.Kind;
import org.martlet.common.model.ByteSize;
import tools.jackson.databind.JsonNode;

/// One table of a configuration file, asked key by key.
///
/// A value that is missing or wrong becomes its default, and a wrong one a problem that is reported
/// once everything was read. A required one that is missing becomes an empty stand-in.
///
/// Threads: one.
public final class ConfigTable {
  private final ConfigReading reading;
  private final String path;
  private final @Nullable JsonNode node;
  private final Set<String> asked = new LinkedHashSet<>();

  /// Whether it is, or is in, a table of which there may be any number.
  private final boolean free;

  /// Whether this stands in for a table whose record was refused: it has no values and notes
  /// nothing.
  private final boolean standIn;

  ConfigTable(ConfigReading reading, String path, @Nullable JsonNode node) {
    this(reading, path, node, false, false);
  }

  private ConfigTable(
      ConfigReading reading, String path, @Nullable JsonNode node, boolean free, boolean standIn) {
    this.reading = reading;
    this.path = path;
    this.node = node;
    this.free = free;
    this.standIn = standIn;
  }

  /// A text.
  public String text(String key, String byDefault) {
    return value(key, byDefault, Values::text, Values::quoted);
  }

  /// A text that must be there.
  public String requiredText(String key) {
    return required(key, "", Values::text, Values::quoted);
  }

  public Optional<String> optionalText(String key) {
    return optional(key, Values::text, Values::quoted);
  }

  public boolean bool(String key, boolean byDefault) {
    return value(key, byDefault, Values::bool, Object::toString);
  }

  /// A whole number within bounds, both inclusive.
  public int integer(String key, int byDefault, int min, int max) {
    return value(key, (long) byDefault, node -> Values.integer(node, min, max), Object::toString)
        .intValue();
  }

  /// A whole number within bounds, both inclusive.
  public long integer(String key, long byDefault, long min, long max) {
    return value(key, byDefault, node -> Values.integer(node, min, max), Object::toString);
  }

  /// A number within bounds, both inclusive.
  public double decimal(String key, double byDefault, double min, double max) {
    return value(key, byDefault, node -> Values.decimal(node, min, max), Object::toString);
  }

  /// A number of bytes: `"64 KiB"`, or a plain number.
  public ByteSize size(String key, ByteSize byDefault) {
    return value(key, byDefault, Values::size, size -> Values.quoted(size.toString()));
  }

  /// A time span: `"10 s"`.
  public Duration duration(String key, Duration byDefault) {
    return value(
        key,
        byDefault,
        node -> DurationText.parse(Values.text(node)),
        duration -> Values.quoted(DurationText.format(duration)));
  }

  /// A path, as it is written: relative ones are relative to the working directory.
  public Path path(String key, Path byDefault) {
    return value(key, byDefault, Values::path, path -> Values.quoted(path.toString()));
  }

  public Path requiredPath(String key) {
    return required(key, Path.of(""), Values::path, path -> Values.quoted(path.toString()));
  }

  public Optional<Path> optionalPath(String key) {
    return optional(key, Values::path, path -> Values.quoted(path.toString()));
  }

  /// One of the constants of an enum, written in lower case with `-` for `_`.
  public <E extends Enum<E>> E choice(String key, E byDefault) {
    E[] constants = byDefault.getDeclaringClass().getEnumConstants();
    return value(
        key,
        byDefault,
        node -> Values.choice(node, List.of(constants)),
        constant -> Values.quoted(Values.nameOf(constant)));
  }

  /// A text that is never printed.
  public Secret secret(String key, Secret byDefault) {
    return value(key, byDefault, Values::secret, secret -> Values.quoted(secret.toString()));
  }

  public Secret requiredSecret(String key) {
    return required(
        key, new Secret(""), Values::secret, secret -> Values.quoted(secret.toString()));
  }

  public Optional<Secret> optionalSecret(String key) {
    return optional(key, Values::secret, secret -> Values.quoted(secret.toString()));
  }

  /// A list of texts.
  public List<String> texts(String key, List<String> byDefault) {
    return value(
        key,
        byDefault,
        Values::texts,
        texts -> "[" + String.join(", ", texts.stream().map(Values::quoted).toList()) + "]");
  }

  /// A table within this one; without it in the file, everything in it has its default.
  public <T> T table(String key, Function<ConfigTable, T> reader) {
    return inner(key, requireTable(key, ask(key)), free).read(reader);
  }

  /// Any number of tables: `[[key]]`.
  public <T> List<T> tables(String key, Function<ConfigTable, T> reader) {
    JsonNode array = ask(key);
    List<T> read = new ArrayList<>();
    if (array != null && !array.isArray()) {
      problem(key, "must be a list of tables: [[" + pathOf(key) + "]]");
    } else if (array != null) {
      int number = 0;
      for (JsonNode element : array) {
        String name = key + "[" + ++number + "]";
        read.add(inner(name, requireTable(name, element), true).read(reader));
      }
    }
    note(key, "[]", Kind.OPTIONAL, array != null);
    return List.copyOf(read);
  }

  /// Tables with names that are free: `[key.name]`, in the order of the file.
  public <T> Map<String, T> named(String key, Function<ConfigTable, T> reader) {
    JsonNode tables = requireTable(key, ask(key));
    Map<String, T> read = new LinkedHashMap<>();
    if (tables != null) {
      tables
          .properties()
          .forEach(
              entry -> {
                String name = key + "." + entry.getKey();
                read.put(
                    entry.getKey(),
                    inner(name, requireTable(name, entry.getValue()), true).read(reader));
              });
    }
    note(key, "{}", Kind.OPTIONAL, tables != null);
    return read;
  }

  private ConfigTable inner(String key, @Nullable JsonNode inner, boolean isFree) {
    return new ConfigTable(reading, pathOf(key), inner, isFree, standIn);
  }

  private @Nullable JsonNode requireTable(String key, @Nullable JsonNode value) {
    if (value != null && !value.isObject()) {
      problem(key, "must be a table: [" + pathOf(key) + "]");
      return null;
    }
    return value;
  }

  /// Makes the record of this table. What its constructor refuses is a problem of this table; then
  /// the record is made of defaults, so that the rest is checked, too.
  <T> T read(Function<ConfigTable, T> reader) {
    int before = reading.problems.size();
    try {
      T made = reader.apply(this);
      finish();
      return made;
    } catch (IllegalArgumentException e) {
      finish();
      if (standIn) {
        throw new UnusableTable();
      }
      if (reading.problems.size() == before) {
        reading.refusal(path, e.getMessage());
      }
    }
    return new ConfigTable(reading, path, null, free, true).read(reader);
  }

  private void finish() {
    if (!standIn) {
      reading.finished.add(this);
    }
  }

  private <T> T value(
      String key, T byDefault, Function<JsonNode, T> parser, Function<T, String> printer) {
    JsonNode set = ask(key);
    T value = parsed(key, set, parser).orElse(byDefault);
    note(key, printer.apply(value), Kind.DEFAULTED, set != null);
    return value;
  }

  private <T> T required(
      String key, T nothing, Function<JsonNode, T> parser, Function<T, String> printer) {
    JsonNode set = ask(key);
    if (set == null) {
      problem(key, "is missing");
    }
    T value = parsed(key, set, parser).orElse(nothing);
    note(key, printer.apply(value), Kind.REQUIRED, set != null);
    return value;
  }

  private <T> Optional<T> optional(
      String key, Function<JsonNode, T> parser, Function<T, String> printer) {
    JsonNode set = ask(key);
    Optional<T> value = parsed(key, set, parser);
    note(key, value.map(printer).orElse(""), Kind.OPTIONAL, set != null);
    return value;
  }

  private <T> Optional<T> parsed(String key, @Nullable JsonNode set, Function<JsonNode, T> parser) {
    if (set == null) {
      return Optional.empty();
    }
    try {
      return Optional.of(parser.apply(set));
    } catch (InvalidPathException e) {
      problem(key, "is not a path: " + e.getReason());
    } catch (IllegalArgumentException e) {
      problem(key, "is " + e.getMessage());
    }
    return Optional.empty();
  }

  private @Nullable JsonNode ask(String key) {
    asked.add(key);
    return node == null ? null : node.get(key);
  }

  private void problem(String key, String message) {
    if (!standIn) {
      reading.problem(pathOf(key), message);
    }
  }

  private void note(String key, String value, Kind kind, boolean isSet) {
    if (!standIn) {
      reading.entries.add(new ConfigEntry(path, key, value, kind, isSet, free));
    }
  }

  private String pathOf(String key) {
    return path.isEmpty() ? key : path + "." + key;
  }

  /// To be called when everything was asked for.
  void reportUnknownKeys() {
    if (node == null) {
      return;
    }
    for (String key : new TreeSet<>(node.propertyNames())) {
      if (!asked.contains(key)) {
        problem(key, "is unknown" + hint(key));
      }
    }
  }

  private String hint(String key) {
    Optional<String> near = NearestName.of(key.toLowerCase(Locale.ROOT), asked);
    if (near.isPresent()) {
      return "; did you mean " + near.get() + "?";
    }
    return reading.finished.stream()
        .filter(table -> table.asked.contains(key))
        .findFirst()
        .map(table -> "; it belongs " + table.where())
        .orElse("");
  }

  private String where() {
    return path.isEmpty() ? "at the top of the file" : "in [" + path + "]";
  }
}
