package org.martlet.common.config;

import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// In which line of a TOML text a key stands. The parser keeps no positions, so this looks for
/// table headers and `key =`; it serves messages only, and may miss a key that is written in an
/// unusual way.
final class LineIndex {
  private static final Pattern ARRAY = Pattern.compile("\\s*\\[\\[([^]]+)]].*");
  private static final Pattern TABLE = Pattern.compile("\\s*\\[([^\\[\\]]+)].*");
  private static final Pattern KEY = Pattern.compile("\\s*([\\w.\"'-]+)\\s*=.*");

  private final Map<String, Integer> lines = new HashMap<>();

  LineIndex(String text) {
    Map<String, Integer> elements = new HashMap<>();
    String table = "";
    int number = 0;
    for (String line : text.lines().toList()) {
      number++;
      Matcher array = ARRAY.matcher(line);
      Matcher header = TABLE.matcher(line);
      Matcher key = KEY.matcher(line);
      if (array.matches()) {
        String name = plain(array.group(1));
        table = name + "[" + elements.merge(name, 1, Integer::sum) + "]";
        put(table, number);
      } else if (header.matches()) {
        table = plain(header.group(1));
        put(table, number);
      } else if (key.matches()) {
        put((table.isEmpty() ? "" : table + ".") + plain(key.group(1)), number);
      }
    }
  }

  private void put(String path, int line) {
    lines.putIfAbsent(path, line);
    int dot = path.lastIndexOf('.');
    if (dot > 0) {
      put(path.substring(0, dot), line);
    }
  }

  private static String plain(String name) {
    return name.replaceAll("[\\s\"']", "");
  }

  /// The first line of a key or table, from 1; 0 if it was not found.
  int lineOf(String path) {
    return lines.getOrDefault(path, 0);
  }
}
