package org.martlet.common.config;

import java.util.List;

/// A configuration that was read without a problem.
///
/// @param entries every key that was asked for, in that order
public record LoadedConfig<T>(T config, List<ConfigEntry> entries) {
  public LoadedConfig {
    entries = List.copyOf(entries);
  }

  /// What is in force, defaults included and secrets hidden, in the form of a TOML file.
  public String effective() {
    StringBuilder text = new StringBuilder();
    entries.stream().filter(e -> e.table().isEmpty()).forEach(e -> line(text, e));
    entries.stream()
        .map(ConfigEntry::table)
        .filter(table -> !table.isEmpty())
        .distinct()
        .forEach(table -> section(text, table));
    return text.toString();
  }

  private void section(StringBuilder text, String table) {
    text.append(text.isEmpty() ? "" : "\n").append(header(table)).append('\n');
    entries.stream().filter(e -> e.table().equals(table)).forEach(e -> line(text, e));
  }

  private static String header(String table) {
    String name = table.replaceAll("\\[\\d+]", "");
    return table.endsWith("]") ? "[[" + name + "]]" : "[" + name + "]";
  }

  private static void line(StringBuilder text, ConfigEntry entry) {
    boolean isTables = entry.value().equals("[]") || entry.value().equals("{}");
    if (entry.kind() != ConfigEntry.Kind.OPTIONAL || (entry.isSet() && !isTables)) {
      text.append(entry.key()).append(" = ").append(entry.value()).append('\n');
    }
  }
}
