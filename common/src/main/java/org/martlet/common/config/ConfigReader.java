package org.martlet.common.config;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.dataformat.toml.TomlMapper;

/// Reads TOML files into records.
///
/// ```java
/// record ListenConfig(String address, int port) {
///   static ListenConfig read(ConfigTable table) {
///     return new ListenConfig(
///         table.text("address", "127.0.0.1"), table.integer("port", 8080, 1, 65535));
///   }
/// }
///
/// LoadedConfig<ListenConfig> loaded =
///     ConfigReader.read(file, root -> root.table("listen", ListenConfig::read));
/// ```
public final class ConfigReader {
  private static final long MAX_FILE_BYTES = 1 << 20;

  /// Whole numbers of 19 digits and more, outside quotes. Jackson 3.1's parser cuts off the first
  /// digits of one of 19 (jackson-dataformats-text #663); nobody means one.
  private static final Pattern HUGE_NUMBER =
      Pattern.compile("(?m)^(?:[^#\"'\n]*[=,\\[]|\\s*)\\s*[+-]?(?:\\d_?){19,}");

  private ConfigReader() {}

  /// Reads a file.
  ///
  /// @param reader makes the record; it must ask for the same keys whatever their values
  /// @throws ConfigException listing everything that is wrong: no such file, no TOML, unknown keys,
  ///     wrong types, values out of range, values that a record refuses
  public static <T> LoadedConfig<T> read(Path file, Function<ConfigTable, T> reader)
      throws ConfigException {
    return read(file, Overrides.NONE, reader);
  }

  /// Reads a file of which some values are given elsewhere. Where there are any, the file may be
  /// missing.
  ///
  /// @throws ConfigException listing everything that is wrong, as above
  public static <T> LoadedConfig<T> read(
      Path file, Overrides overrides, Function<ConfigTable, T> reader) throws ConfigException {
    boolean mayMiss = !overrides.isEmpty() && Files.notExists(file);
    return parse(file.toString(), mayMiss ? "" : textOf(file), overrides, reader);
  }

  private static String textOf(Path file) throws ConfigException {
    try {
      if (Files.size(file) > MAX_FILE_BYTES) {
        throw failure(file.toString(), "larger than 1 MiB: not a configuration file");
      }
      return Files.readString(file);
    } catch (NoSuchFileException e) {
      throw failure(file.toString(), "there is no such file");
    } catch (CharacterCodingException e) {
      throw failure(file.toString(), "it is not UTF-8 text");
    } catch (IOException e) {
      throw failure(file.toString(), "cannot be read: " + e);
    }
  }

  private static ConfigException failure(String source, String message) {
    return new ConfigException(source, List.of(new ConfigProblem(0, message)));
  }

  /// Reads a text.
  ///
  /// @param source its name in messages
  public static <T> LoadedConfig<T> parse(
      String source, String text, Function<ConfigTable, T> reader) throws ConfigException {
    return parse(source, text, Overrides.NONE, reader);
  }

  static <T> LoadedConfig<T> parse(
      String source, String text, Overrides overrides, Function<ConfigTable, T> reader)
      throws ConfigException {
    ObjectNode root = treeOf(source, text);
    Map<String, String> variables = overrides.applyTo(root);
    ConfigReading reading = new ConfigReading(new LineIndex(text), variables);
    reading.problems.addAll(overrides.problems());
    ConfigTable table = new ConfigTable(reading, "", root);
    try {
      T config = table.read(reader);
      reading.finished.forEach(ConfigTable::reportUnknownKeys);
      if (reading.problems.isEmpty()) {
        return new LoadedConfig<>(config, reading.entries);
      }
    } catch (UnusableTable e) {
      reading.finished.forEach(ConfigTable::reportUnknownKeys);
    }
    throw new ConfigException(source, reading.problems);
  }

  private static ObjectNode treeOf(String source, String text) throws ConfigException {
    Matcher huge = HUGE_NUMBER.matcher(text);
    if (huge.find()) {
      int line = (int) text.substring(0, huge.end()).lines().count();
      throw new ConfigException(
          source, List.of(new ConfigProblem(line, "a number of more than 18 digits")));
    }
    try {
      return new TomlMapper().readTree(text) instanceof ObjectNode root
          ? root
          : JsonNodeFactory.instance.objectNode();
    } catch (JacksonException e) {
      TokenStreamLocation at = e.getLocation();
      int line = at == null ? 0 : Math.max(0, at.getLineNr());
      throw new ConfigException(
          source, List.of(new ConfigProblem(line, "not TOML: " + e.getOriginalMessage())));
    }
  }
}
