package org.martlet.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What a running cluster serves at `/metrics`, and whether documentation, alerts and dashboard
/// name what is there. Debian's `prometheus` is the judge, where it is installed.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class MetricsIT {
  private static final Path HOME = MartletProcess.home();
  private static final Path ALERTS = HOME.resolve("etc/prometheus/martlet-alerts.yml");
  private static final Path ALERT_TESTS =
      HOME.resolve("e2e/src/test/resources/prometheus/martlet-alerts_test.yml");
  private static final Path DASHBOARD = HOME.resolve("etc/grafana/martlet.json");
  private static final Path PAGE = HOME.resolve("docs/metrics.md");
  private static final Pattern ALERT = Pattern.compile("(?m)^ +- alert: (\\w+)$");
  private static final Pattern RULE_EXPRESSION =
      Pattern.compile("(?ms)^        expr: \\|\n(.*?)^        (?:for|labels):");
  private static final Pattern LEGEND = Pattern.compile("\\{\\{(\\w+)\\}\\}");

  private Path work;
  private NodeCluster cluster;

  @BeforeAll
  void start(@TempDir Path directory) throws IOException {
    work = directory;
    cluster = NodeCluster.start(work.resolve("cluster"), 3);
    byte[] body = "a body".getBytes(StandardCharsets.UTF_8);
    SwiftClient client = cluster.client();
    client.createContainer("c");
    client.put("/c/o", body);
    client.get("/c/o");
    client.head("/c/o");
    client.list("c");
    client.delete("/c/o");
    RawHttp.exchange(cluster.url(), "no request\r\n\r\n");
  }

  @AfterAll
  void stop() {
    cluster.close();
  }

  private static void assumePrometheus() {
    Assumptions.assumeTrue(
        Ext4Image.isInstalled("prometheus") && Ext4Image.isInstalled("promtool"),
        "not run: Debian's package prometheus is not installed");
  }

  private static HttpResponse<String> page(String address) throws IOException {
    try (HttpClient http = HttpClient.newHttpClient()) {
      URI uri = URI.create("http://" + address + "/metrics");
      return http.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
    } catch (InterruptedException e) {
      throw new AssertionError("interrupted", e);
    }
  }

  private static void promtool(String... arguments) {
    List<String> command = new ArrayList<>(List.of("promtool"));
    command.addAll(List.of(arguments));
    MartletProcess.Finished finished = MartletProcess.run(command, HOME);
    assertThat(finished.exitCode()).as(command + ":\n" + finished.output()).isZero();
  }

  @Test
  void everyServerServesMetricsThatPrometheusAccepts() throws IOException {
    assumePrometheus();
    for (Map.Entry<String, String> server : cluster.metrics().entrySet()) {
      HttpResponse<String> page = page(server.getValue());
      assertThat(page.statusCode()).as(server.getKey()).isEqualTo(200);
      Path file = Files.writeString(work.resolve(server.getKey() + ".txt"), page.body());
      promtoolReads(file);
    }
  }

  private static void promtoolReads(Path file) {
    MartletProcess.Finished finished =
        MartletProcess.run(
            List.of("sh", "-c", "promtool check metrics < '" + file + "'"), file.getParent());
    assertThat(finished.output()).as(file.toString()).isEmpty();
    assertThat(finished.exitCode()).as(file.toString()).isZero();
  }

  @Test
  void thePortOfClientsDoesNotServeThem() throws IOException {
    HttpResponse<String> page = page(URI.create(cluster.url()).getAuthority());

    assertThat(page.statusCode()).isBetween(400, 499);
    assertThat(page.body()).doesNotContain("martlet_");
  }

  @Test
  void theDocumentationNamesWhatIsThere() throws IOException {
    Map<String, String> pages = cluster.metrics();
    ScrapedMetrics metrics = new ScrapedMetrics();
    metrics.add("proxy", page(pages.get("proxy")).body());
    metrics.add("object", page(pages.get("node1")).body());
    metrics.add("container", page(pages.get("node1-listings")).body());

    assertThat(metrics.all()).allSatisfy(metric -> assertThat(metric.help()).isNotEmpty());
    String text = MetricsPageText.of(metrics.all());
    if (Boolean.getBoolean("metrics.write")) {
      Files.writeString(PAGE, text);
    }
    assertThat(PAGE)
        .as("run mvn verify -pl e2e -am -Dit.test=MetricsIT -Dmetrics.write=true to write it")
        .hasContent(text);
  }

  @Test
  void prometheusTakesRulesAndScrapeConfiguration() {
    assumePrometheus();
    promtool("check", "rules", ALERTS.toString());
    promtool("check", "config", HOME.resolve("etc/prometheus/prometheus.yml").toString());
  }

  @Test
  void eachAlertFiresWhenItShallAndNotElse() throws IOException {
    assumePrometheus();
    promtool("test", "rules", ALERT_TESTS.toString());
    String tests = Files.readString(ALERT_TESTS);
    assertThat(alerts())
        .allSatisfy(
            alert -> assertThat(tests).contains("name: " + alert + " fires", alert + " is silent"));
  }

  @Test
  void eachAlertLeadsToItsSectionOfTheHandbook() throws IOException {
    List<String> handbook = Files.readAllLines(HOME.resolve("docs/operations.md"));
    String rules = Files.readString(ALERTS);
    assertThat(alerts()).isNotEmpty();
    for (String alert : alerts()) {
      assertThat(handbook).contains("### " + alert);
      assertThat(rules).contains("docs/operations.md#" + alert.toLowerCase(Locale.ROOT) + "\n");
    }
  }

  private static Set<String> alerts() throws IOException {
    Set<String> alerts = new TreeSet<>();
    Matcher alert = ALERT.matcher(Files.readString(ALERTS));
    while (alert.find()) {
      alerts.add(alert.group(1));
    }
    return alerts;
  }

  @Test
  void whatAlertsAndDashboardNameIsThere() throws IOException {
    assumePrometheus();
    Path directory = Files.createDirectories(work.resolve("prometheus"));
    try (PrometheusProcess prometheus =
        PrometheusProcess.start(directory, cluster.metrics().values())) {
      prometheus.awaitScrapes(cluster.metrics().size());
      for (Map.Entry<String, Set<String>> named : named().entrySet()) {
        check(prometheus, named.getKey(), named.getValue());
      }
    }
  }

  /// All expressions, each with the labels that its legend shows.
  private static Map<String, Set<String>> named() throws IOException {
    Map<String, Set<String>> named = new LinkedHashMap<>();
    Matcher rule = RULE_EXPRESSION.matcher(Files.readString(ALERTS));
    while (rule.find()) {
      named.put(rule.group(1).strip(), Set.of());
    }
    assertThat(named).hasSameSizeAs(alerts());
    int rules = named.size();
    JsonNode dashboard = JsonMapper.builder().build().readTree(Files.readString(DASHBOARD));
    for (JsonNode panel : dashboard.path("panels")) {
      for (JsonNode target : panel.path("targets")) {
        Set<String> labels = new TreeSet<>();
        Matcher legend = LEGEND.matcher(target.path("legendFormat").asString());
        while (legend.find()) {
          labels.add(legend.group(1));
        }
        named.put(resolved(target.path("expr").asString()), labels);
      }
    }
    assertThat(named.size() - rules).isGreaterThan(50);
    return named;
  }

  /// Puts in what Grafana does for its variables.
  private static String resolved(String expression) {
    return expression
        .replace("$__rate_interval", "1m")
        .replace("$job", "martlet.*")
        .replace("$instance", ".*");
  }

  private static void check(PrometheusProcess prometheus, String expression, Set<String> legend)
      throws IOException {
    assertThat(prometheus.query(expression).path("status").asString())
        .as(expression)
        .isEqualTo("success");
    PromSelectors selectors = PromSelectors.of(expression);
    assertThat(selectors.selectors()).as(expression).isNotEmpty();
    Set<String> there = new TreeSet<>();
    for (PromSelectors.Selector selector : selectors.selectors()) {
      JsonNode series = prometheus.series(selector.exact());
      assertThat(series.size()).as(selector.exact() + " in " + expression).isPositive();
      Set<String> labels = new TreeSet<>();
      series.forEach(one -> labels.addAll(one.propertyNames()));
      assertThat(labels).as(selector.exact()).containsAll(selector.other());
      there.addAll(labels);
    }
    assertThat(there).as(expression).containsAll(selectors.labels()).containsAll(legend);
  }
}
