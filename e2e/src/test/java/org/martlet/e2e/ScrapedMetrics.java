package org.martlet.e2e;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The metrics of servers as Prometheus reads them, by name: what each is, and which labels it has.
final class ScrapedMetrics {
  private static final Pattern LABEL = Pattern.compile("([a-zA-Z_][a-zA-Z0-9_]*)=\"");

  /// One metric.
  ///
  /// @param type as Prometheus has it
  /// @param labels of any of its series, without `le`
  /// @param servers that have it
  record Metric(String name, String type, String help, Set<String> labels, Set<String> servers) {}

  private final Map<String, Metric> metrics = new TreeMap<>();

  /// Adds a page of a server.
  void add(String server, String page) {
    List<Metric> ofPage = new ArrayList<>();
    Map<String, String> help = new TreeMap<>();
    for (String line : page.split("\n")) {
      String[] words = line.split(" ", 4);
      if (line.startsWith("# HELP ")) {
        help.put(words[2], words.length < 4 ? "" : words[3].strip());
      } else if (line.startsWith("# TYPE ")) {
        ofPage.add(metric(words[2], words[3], help.getOrDefault(words[2], "")));
      } else if (!ofPage.isEmpty() && !line.isEmpty()) {
        labels(line, ofPage.getLast());
      }
    }
    ofPage.forEach(metric -> metric.servers().add(server));
  }

  private Metric metric(String name, String type, String help) {
    return metrics.computeIfAbsent(
        name, key -> new Metric(name, type, help, new TreeSet<>(), new TreeSet<>()));
  }

  private static void labels(String line, Metric metric) {
    int end = line.lastIndexOf('}');
    Matcher label = LABEL.matcher(end < 0 ? "" : line.substring(0, end));
    while (label.find()) {
      if (!label.group(1).equals("le")) {
        metric.labels().add(label.group(1));
      }
    }
  }

  /// All of them, by name.
  List<Metric> all() {
    return List.copyOf(metrics.values());
  }
}
