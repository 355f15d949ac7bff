package org.martlet.ringbuilder.cli;

import com.google.errorprone.annotations.FormatMethod;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import org.martlet.ringbuilder.builder.RebalanceResult;

/// An HTML page with the pictures and the table of a scenario. It loads nothing from elsewhere
/// and runs no script.
final class ScenarioPage {
  private static final int HEIGHT = 160;
  private static final int MARGIN = 60;
  private static final int WIDEST_BAR = 48;
  private static final int WIDTH = 960;

  private static final String STYLE =
      """
      <style>
      :root { color-scheme: light dark; --bar: #3b7dd8; --mark: #c33; }
      body { font: 14px/1.5 system-ui, sans-serif; max-width: 1040px; margin: 2em auto; }
      h2 { margin: 1.5em 0 0; font-size: 1.1em; }
      svg { width: 100%; height: auto; }
      svg text { font-size: 11px; fill: currentColor; }
      svg .axis { stroke: currentColor; opacity: .4; }
      svg rect { fill: var(--bar); }
      svg .bound { stroke: var(--mark); stroke-width: 2; }
      table { border-collapse: collapse; width: 100%; }
      th, td { padding: .2em .6em; text-align: right; border-bottom: 1px solid #8884; }
      th:nth-child(2), td:nth-child(2) { text-align: left; }
      </style>
      """;

  private final List<Bar> bars = new ArrayList<>();
  private final StringBuilder page = new StringBuilder();

  /// One rebalance.
  private record Bar(String label, ScenarioRun.Round round, ScenarioRun.Step step) {
    RebalanceResult result() {
      return step.result();
    }

    double percent(int replicas) {
      return 100.0 * replicas / Math.max(1, step.movement().total());
    }
  }

  private ScenarioPage(ScenarioRun run) {
    for (ScenarioRun.Round round : run.rounds()) {
      for (int n = 0; n < round.steps().size(); n++) {
        String label = round.steps().size() == 1 ? "" : "." + (n + 1);
        bars.add(new Bar(round.number() + label, round, round.steps().get(n)));
      }
    }
  }

  /// @param title the name of the scenario
  static String of(String title, ScenarioRun run) {
    ScenarioPage page = new ScenarioPage(run);
    page.add("<!DOCTYPE html>%n<html lang=\"en\">%n<head>%n<meta charset=\"utf-8\">%n");
    page.add("<title>%s</title>%n", escape(title));
    page.page.append(STYLE);
    page.add("</head>%n<body>%n<h1>%s</h1>%n", escape(title));
    page.chart(
        "Data moved, % of all (line: the fewest possible)",
        bar -> bar.percent(bar.result().changed()), bar -> bar.percent(bar.result().fewest()));
    page.chart("Balance, %", bar -> bar.result().balance(), bar -> -1);
    page.chart("Dispersion, %", bar -> bar.result().dispersion(), bar -> -1);
    page.table();
    page.add("</body>%n</html>%n");
    return page.page.toString();
  }

  /// Bars by rebalance; a mark across each where `bound` is not negative. A first assignment,
  /// which moves everything, does not set the scale.
  private void chart(String title, ToDoubleFunction<Bar> height, ToDoubleFunction<Bar> bound) {
    double greatest =
        bars.stream()
            .filter(bar -> bars.size() == 1 || bar.percent(bar.result().changed()) < 100)
            .mapToDouble(height)
            .max()
            .orElse(0);
    double scale = greatest > 0 ? (HEIGHT - 20) / greatest : 0;
    double step = (WIDTH - MARGIN) / (double) bars.size();
    double width = Math.min(WIDEST_BAR, step * 0.8);
    add("<h2>%s</h2>%n", escape(title));
    add("<svg viewBox=\"0 0 %d %d\" role=\"img\">%n", WIDTH, HEIGHT + 20);
    add("<title>%s</title>%n", escape(title));
    add("<text x=\"0\" y=\"24\">%.2f</text>%n<text x=\"0\" y=\"%d\">0</text>%n", greatest, HEIGHT);
    add(
        "<line class=\"axis\" x1=\"%d\" x2=\"%d\" y1=\"%d\" y2=\"%d\"/>%n",
        MARGIN, WIDTH, HEIGHT, HEIGHT);
    for (int n = 0; n < bars.size(); n++) {
      Bar bar = bars.get(n);
      double x = MARGIN + n * step + (step - width) / 2;
      double tall = Math.min(HEIGHT, height.applyAsDouble(bar) * scale);
      add(
          "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\"><title>%s: %.3f</title>"
              + "</rect>%n",
          x, HEIGHT - tall, width, tall, escape(bar.label()), height.applyAsDouble(bar));
      double mark = HEIGHT - bound.applyAsDouble(bar) * scale;
      if (mark >= 0 && mark <= HEIGHT) {
        add(
            "<line class=\"bound\" x1=\"%.1f\" x2=\"%.1f\" y1=\"%.1f\" y2=\"%.1f\"/>%n",
            x - 2, x + width + 2, mark, mark);
      }
      add(
          "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%s</text>%n",
          x + width / 2, HEIGHT + 15, escape(bar.label()));
    }
    add("</svg>%n");
  }

  private void table() {
    add("<h2>Rounds</h2>%n<table>%n<tr><th>Round</th><th>Changes</th><th>Moved</th>");
    add("<th>%% of data</th><th>Fewest</th><th>Left</th><th>Balance</th><th>Dispersion</th>");
    add("<th>Partitions by replicas moving at once</th></tr>%n");
    for (Bar bar : bars) {
      RebalanceResult result = bar.result();
      add(
          "<tr><td>%s</td><td>%s</td><td>%d</td><td>%.2f</td><td>%d</td><td>%d</td><td>%.2f</td>"
              + "<td>%.2f</td><td>%s</td></tr>%n",
          escape(bar.label()),
          escape(AnalyzeCommand.summary(bar.round())),
          result.changed(),
          bar.percent(result.changed()),
          result.fewest(),
          result.left(),
          result.balance(),
          result.dispersion(),
          atOnce(bar.step().movement().partitionsMoving()));
    }
    add("</table>%n");
  }

  private static String atOnce(List<Integer> partitionsMoving) {
    List<String> parts = new ArrayList<>();
    for (int moving = 0; moving < partitionsMoving.size(); moving++) {
      parts.add(moving + ": " + partitionsMoving.get(moving));
    }
    return String.join(", ", parts);
  }

  @FormatMethod
  private void add(String format, Object... values) {
    page.append(String.format(Locale.ROOT, format, values));
  }

  private static String escape(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }
}
