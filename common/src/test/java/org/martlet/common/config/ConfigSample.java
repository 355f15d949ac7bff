package org.martlet.common.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.martlet.common.config.ConfigEntry.Kind;

/// Holds a commented sample and the defaults in the code equal, both ways.
///
/// In a sample, `# key = value` shows a key with its default; tables have their headers, commented
/// or not; prose must not look like either. A line `# key = value` for a key without a default, or
/// in a table whose name is free, is an example.
public final class ConfigSample {
  private static final Pattern KEY = Pattern.compile("#\\s?([\\w.-]+\\s*=.*)");
  private static final Pattern HEADER = Pattern.compile("#\\s?(\\[.*].*)");

  private ConfigSample() {}

  /// Asserts that the sample is a good file as it is, that each key in it exists, that each key
  /// that the reader asks for is in it, and that what it shows as default is the default.
  public static void check(Path sample, Function<ConfigTable, ?> reader)
      throws IOException, ConfigException {
    String text = Files.readString(sample);
    Map<String, ConfigEntry> shown = entries(sample, uncommented(text), reader);
    Map<String, ConfigEntry> asIs = entries(sample, text, reader);

    assertThat(shown.values().stream().filter(entry -> !entry.isSet()).map(ConfigEntry::path))
        .as("keys that %s does not show", sample)
        .isEmpty();
    assertThat(defaults(shown))
        .as("defaults in %s, un-commented, against the code", sample)
        .isEqualTo(defaults(asIs));
    assertThat(
            asIs.values().stream()
                .filter(entry -> entry.kind() == Kind.DEFAULTED && entry.isSet())
                .map(ConfigEntry::path))
        .as("keys with a default that %s sets instead of showing", sample)
        .isEmpty();
  }

  private static Map<String, ConfigEntry> entries(
      Path sample, String text, Function<ConfigTable, ?> reader) throws ConfigException {
    Map<String, ConfigEntry> entries = new LinkedHashMap<>();
    ConfigReader.parse(sample.toString(), text, reader).entries().stream()
        .filter(entry -> !entry.isFree())
        .forEach(entry -> entries.put(entry.path(), entry));
    return entries;
  }

  /// The values by key, where the code has a default; what stands in examples is not compared.
  private static Map<String, String> defaults(Map<String, ConfigEntry> entries) {
    return entries.values().stream()
        .filter(entry -> entry.kind() == Kind.DEFAULTED)
        .collect(Collectors.toMap(ConfigEntry::path, ConfigEntry::value));
  }

  static String uncommented(String sample) {
    return sample
        .lines()
        .map(line -> KEY.matcher(line).replaceFirst("$1"))
        .map(line -> HEADER.matcher(line).replaceFirst("$1"))
        .collect(Collectors.joining("\n", "", "\n"));
  }
}
