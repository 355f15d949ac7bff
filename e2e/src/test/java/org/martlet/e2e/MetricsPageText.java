package org.martlet.e2e;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// `docs/metrics.md`, made of what running servers serve.
final class MetricsPageText {
  private static final int SERVERS = 3;

  private static final String HEAD =
      """
      # Metrics

      Every server process answers `GET /metrics` in Prometheus' text format, unsigned: storage servers on the ports of their services, a proxy on the port that
      `[metrics]` in `proxy-server.toml` gives it (none by default; never the port of clients). A process has all of its metrics on each of its ports.

      `etc/prometheus/` has a scrape configuration and alert rules, `etc/grafana/martlet.json` a dashboard; what each alert means, and what to do, is in
      [operations.md](operations.md).

      - Units are seconds and bytes. Counters end in `_total`; moments in `_timestamp_seconds`, since 1970.
      - A histogram `x` has the series `x_bucket{le}`, `x_sum` and `x_count`, and `x_max` beside it: the largest value of the last minutes.
      - No label has a path, an account or a name that clients make up; other verbs than the usual ones are `OTHER`, policies past 31 `other`. `resource` is `account`, `container`,
        `object`, `batch` (many rows at once), `replication` or `other`; `policy` is `none` where a request concerns no object. `status` is the hundreds of the code.
      - Figures of a device are not asked of the device: reading them never blocks. What is not known yet is `NaN`.

      This page is generated from a running cluster: `mvn verify -pl e2e -am -Dit.test=MetricsIT -Dmetrics.write=true` writes it, and the same test fails where it differs.
      """;

  /// Titles by the beginning of the names, in the order of the page.
  private static final List<Map.Entry<String, String>> SECTIONS =
      List.of(
          Map.entry("martlet_http_", "Requests and connections"),
          Map.entry("martlet_proxy_", "Proxy"),
          Map.entry("martlet_object_", "Object devices"),
          Map.entry("martlet_listing_", "Devices with listings"),
          Map.entry("martlet_replication_", "Replication"),
          Map.entry("martlet_service_", "Expirer, account reaper, reconciler"),
          Map.entry("martlet_ring_", "Rings"),
          Map.entry("", "Processes"));

  private MetricsPageText() {}

  /// Whether a metric depends on the machine, the collector or what happened to happen: such are
  /// not in the page.
  static boolean isLeftOut(String name) {
    return name.startsWith("jvm_gc_") && !name.equals("jvm_gc_overhead");
  }

  /// @param metrics of a proxy, an object server and a container server
  static String of(List<ScrapedMetrics.Metric> metrics) {
    StringBuilder page = new StringBuilder(HEAD);
    List<ScrapedMetrics.Metric> left = new ArrayList<>(metrics);
    left.removeIf(metric -> isLeftOut(metric.name()) || isMaximum(metric, metrics));
    for (Map.Entry<String, String> section : SECTIONS) {
      List<ScrapedMetrics.Metric> here =
          left.stream().filter(metric -> metric.name().startsWith(section.getKey())).toList();
      left.removeAll(here);
      page.append("\n## ").append(section.getValue()).append("\n\n");
      if (section.getKey().isEmpty()) {
        page.append(
            "Beside these there are `jvm_gc_…`: which ones depends on the collector and on what it"
                + " has done.\n\n");
      }
      page.append("| metric | type | labels | unit | served by | what |\n");
      page.append("| --- | --- | --- | --- | --- | --- |\n");
      here.forEach(metric -> page.append(row(metric)));
    }
    return page.toString();
  }

  private static boolean isMaximum(
      ScrapedMetrics.Metric metric, List<ScrapedMetrics.Metric> metrics) {
    return metrics.stream()
        .anyMatch(
            other ->
                other.type().equals("histogram") && metric.name().equals(other.name() + "_max"));
  }

  private static String row(ScrapedMetrics.Metric metric) {
    String labels =
        metric.labels().isEmpty() ? "" : "`" + String.join("`, `", metric.labels()) + "`";
    return String.join(
            " | ",
            "| `" + metric.name() + "`",
            metric.type(),
            labels,
            unit(metric.name()),
            servers(metric.servers()),
            metric.help().replace("|", "\\|"))
        + " |\n";
  }

  private static String unit(String name) {
    String bare = name.replaceFirst("_total$", "");
    for (String unit : List.of("bytes_per_second", "seconds", "bytes")) {
      if (bare.endsWith("_" + unit)) {
        return unit.replace('_', ' ');
      }
    }
    return "";
  }

  private static String servers(Set<String> servers) {
    return servers.size() == SERVERS ? "all" : String.join(", ", servers);
  }
}
