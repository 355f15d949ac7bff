package org.martlet.common.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.StringNode;
import tools.jackson.dataformat.toml.TomlMapper;

/// Values of environment variables that take the place of those in a file, for where a process is
/// given variables more easily than files: `MARTLET_OBJECT_SERVER__SERVER__PORT=6300` is `port` in
/// `[server]` of `object-server.toml`.
///
/// - Shape: `MARTLET_`, the file's name without `.toml`, then the tables and the key, each after
///   two underscores; in capitals, with `_` for `-`. A value is text, but for what begins as a TOML
///   list, table or quoted text, a number, `true` and `false`: `[{account = "test"}]`. A name with
///   `_FILE` behind it says in which file the text is (a secret that is mounted); line ends at its
///   end are not part of it. An empty variable counts as none.
public final class Overrides {
  /// For a file that no variable changes.
  public static final Overrides NONE = new Overrides(Map.of(), List.of());

  private static final String PREFIX = "MARTLET_";
  private static final String SEPARATOR = "__";
  private static final String FROM_FILE = "_FILE";
  private static final int MAX_FILE_BYTES = 64 * 1024;
  private static final Pattern TYPED =
      Pattern.compile("(?s)[\\[{\"].*|true|false|[+-]?\\d{1,18}(?:\\.\\d+)?");

  /// The variable and what it says; by path.
  private record Given(String variable, JsonNode value) {}

  private final Map<String, Given> values;
  private final List<ConfigProblem> problems;

  private Overrides(Map<String, Given> values, List<ConfigProblem> problems) {
    this.values = values;
    this.problems = problems;
  }

  /// Those for one file.
  ///
  /// @param file its name, such as `object-server.toml`
  public static Overrides of(String file, Map<String, String> environment) {
    String prefix = prefixOf(file);
    Map<String, Given> values = new TreeMap<>();
    List<ConfigProblem> problems = new ArrayList<>();
    new TreeMap<>(environment)
        .forEach(
            (variable, text) -> {
              if (variable.startsWith(prefix) && !text.isEmpty()) {
                take(variable, variable.substring(prefix.length()), text, values, problems);
              }
            });
    return new Overrides(values, problems);
  }

  /// Variables that have the form of one of these, but name no file.
  ///
  /// @param files the names of all that there can be
  public static List<String> ofNoFile(List<String> files, Map<String, String> environment) {
    List<String> prefixes = files.stream().map(Overrides::prefixOf).toList();
    return environment.keySet().stream()
        .filter(name -> name.startsWith(PREFIX) && name.contains(SEPARATOR))
        .filter(name -> prefixes.stream().noneMatch(name::startsWith))
        .sorted()
        .toList();
  }

  private static String prefixOf(String file) {
    String name = file.endsWith(".toml") ? file.substring(0, file.length() - 5) : file;
    return PREFIX + name.toUpperCase(Locale.ROOT).replace('-', '_') + SEPARATOR;
  }

  private static void take(
      String variable,
      String rest,
      String text,
      Map<String, Given> values,
      List<ConfigProblem> problems) {
    // LOG__FILE is the key "file" of [log].
    boolean fromFile = rest.endsWith(FROM_FILE) && !rest.endsWith("_" + FROM_FILE);
    String name = fromFile ? rest.substring(0, rest.length() - FROM_FILE.length()) : rest;
    String path = name.toLowerCase(Locale.ROOT).replace(SEPARATOR, ".");
    try {
      JsonNode value = fromFile ? StringNode.valueOf(contentOf(text)) : parsed(text);
      Given other = values.put(path, new Given(variable, value));
      if (other != null) {
        throw new IllegalArgumentException("says the same key as " + other.variable);
      }
    } catch (IllegalArgumentException e) {
      problems.add(new ConfigProblem(0, variable + " " + e.getMessage()));
    }
  }

  private static String contentOf(String file) {
    try {
      Path path = Path.of(file);
      if (Files.size(path) > MAX_FILE_BYTES) {
        throw new IllegalArgumentException("names a file that is larger than 64 KiB");
      }
      return Files.readString(path).stripTrailing();
    } catch (InvalidPathException | IOException e) {
      throw new IllegalArgumentException("names a file that cannot be read: " + e, e);
    }
  }

  /// The value is not repeated in messages: it may be a secret.
  private static JsonNode parsed(String text) {
    if (!TYPED.matcher(text).matches()) {
      return StringNode.valueOf(text);
    }
    try {
      return new TomlMapper().readTree("v = " + text).get("v");
    } catch (JacksonException e) {
      throw new IllegalArgumentException(
          "begins as a TOML value and is none; text that begins so must be in quotes", e);
    }
  }

  /// Whether no variable is for the file.
  public boolean isEmpty() {
    return values.isEmpty() && problems.isEmpty();
  }

  List<ConfigProblem> problems() {
    return problems;
  }

  /// Puts the values into what was read from the file.
  ///
  /// @return by path the variables that say it
  Map<String, String> applyTo(ObjectNode root) {
    Map<String, String> variables = new HashMap<>();
    values.forEach(
        (path, given) -> {
          put(root, path, given.value);
          variables.put(path, given.variable);
        });
    return variables;
  }

  /// What stands in the way is replaced: the reader then says that it is no table.
  private static void put(ObjectNode root, String path, JsonNode value) {
    ObjectNode table = root;
    String[] names = path.split("\\.", -1);
    for (int i = 0; i < names.length - 1; i++) {
      @Nullable JsonNode inner = table.get(names[i]);
      table = inner instanceof ObjectNode there ? there : table.putObject(names[i]);
    }
    table.set(names[names.length - 1], value);
  }
}
