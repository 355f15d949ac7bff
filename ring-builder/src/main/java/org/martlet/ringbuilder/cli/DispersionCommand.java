package org.martlet.ringbuilder.cli;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;
import org.martlet.ringbuilder.builder.RingBuilder;
import org.martlet.ringbuilder.builder.RingBuilderException;
import org.martlet.ringbuilder.builder.TierTable;
import org.martlet.ringbuilder.file.BuilderFile;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

@Command(
    name = "dispersion",
    header = "Show how replicas are spread.",
    synopsisHeading = "%nUsage: ",
    customSynopsis = "martlet ring-builder <builder> dispersion [<filter>] [-v]",
    descriptionHeading = "%n",
    parameterListHeading = "%n",
    description = {
      "Show how the replicas of partitions are spread over regions, zones, servers and devices.",
      "-v shows each of them: its replicas (parts), the share of these above the planned most of"
          + " one partition (%%), that most (max), and how many partitions have 0, 1, 2 ... there.",
      "Exit code 1 if any holds more than it should."
    })
final class DispersionCommand extends BuilderAction {
  private static final int NAME_WIDTH = 30;

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "<filter>",
      description =
          "A regular expression that names begin with, e.g. \"r\\d+z\\d+$\" for all zones.")
  private @Nullable String filter;

  @Option(
      names = {"-v", "--verbose"},
      description = "Show a line for each region, zone, server and device.")
  private boolean verbose;

  @Option(names = "--recalculate", description = "For scripts: it is always calculated anew.")
  @SuppressWarnings("UnusedVariable")
  private boolean recalculate;

  @Override
  int run(BuilderFile file) throws CliException, RingBuilderException, IOException {
    RingBuilder builder = file.load();
    if (!builder.everRebalanced()) {
      throw new CliException(file.builderPath() + " was never rebalanced: rebalance it first");
    }
    List<TierTable.Row> rows = TierTable.of(builder).stream().filter(matching()::test).toList();
    TierTable.@Nullable Row worst =
        rows.stream()
            .filter(row -> row.percent() > 0)
            .max(Comparator.comparingDouble(TierTable.Row::percent))
            .orElse(null);
    putInto(report().json(), builder, rows, worst);
    double required = builder.requiredOverload();
    print(
        "Dispersion is %.6f, Balance is %.6f, Overload is %.2f%%",
        builder.dispersion(), builder.balance(), builder.overload() * 100);
    print("Required overload is %.6f%%", required * 100);
    if (worst != null) {
      report().note("Worst tier is %.6f (%s)".formatted(worst.percent(), worst.name()));
    }
    if (verbose) {
      lines(builder, rows).forEach(report()::text);
    }
    if (worst != null && required > builder.overload()) {
      report()
          .next(
              "martlet ring-builder %1$s set_overload %2$d%% and a rebalance spread replicas as far"
                  + " as the devices allow; some then hold up to %2$d%% more than their weight says",
              file.builderPath(), (int) Math.ceil(required * 100));
    } else if (worst != null) {
      nextIsRebalance(file);
    }
    return worst == null ? ExitCode.SUCCESS : ExitCode.WARNING;
  }

  private Filter matching() throws CliException {
    if (filter == null) {
      return row -> true;
    }
    try {
      Pattern pattern = Pattern.compile(filter);
      return row -> pattern.matcher(row.name()).lookingAt();
    } catch (PatternSyntaxException e) {
      throw new CliException(
          "invalid filter \"" + filter + "\": " + e.getDescription() + " at " + e.getIndex());
    }
  }

  private interface Filter {
    boolean test(TierTable.Row row);
  }

  private static List<String> lines(RingBuilder builder, List<TierTable.Row> rows) {
    int counts = (int) Math.ceil(builder.replicas()) + 1;
    int names = rows.stream().mapToInt(row -> row.name().length()).max().orElse(0);
    int width = Math.max(names, NAME_WIDTH);
    int digits = Math.max(Integer.toString(builder.partitionCount()).length(), 5);
    StringBuilder header = new StringBuilder();
    header.append(pad("Tier", -width)).append(' ').append(pad("Parts", digits));
    header.append(' ').append(pad("%", 6)).append(' ').append(pad("Max", 6));
    for (int count = 0; count < counts; count++) {
      header.append(' ').append(pad(Integer.toString(count), digits));
    }
    String rule = "-".repeat(header.length());
    List<String> lines = new ArrayList<>(List.of(rule, header.toString(), rule));
    for (TierTable.Row row : rows) {
      StringBuilder line = new StringBuilder();
      line.append(pad(row.name(), -width));
      line.append(' ').append(pad(Integer.toString(row.replicas()), digits));
      line.append(String.format(Locale.ROOT, " %6.2f %6d", row.percent(), row.most()));
      row.partitions().forEach(of -> line.append(' ').append(pad(of.toString(), digits)));
      lines.add(line.toString());
    }
    return Collections.unmodifiableList(lines);
  }

  /// @param width negative to put the text to the left
  private static String pad(String text, int width) {
    String blanks = " ".repeat(Math.max(0, Math.abs(width) - text.length()));
    return width < 0 ? text + blanks : blanks + text;
  }

  private static void putInto(
      ObjectNode root, RingBuilder builder, List<TierTable.Row> rows, TierTable.@Nullable Row worst)
      throws RingBuilderException {
    root.put("dispersion", builder.dispersion());
    root.put("balance", builder.balance());
    root.put("overload", builder.overload());
    root.put("required_overload", builder.requiredOverload());
    root.put("worst_tier", worst == null ? null : worst.name());
    ArrayNode tiers = root.putArray("tiers");
    for (TierTable.Row row : rows) {
      ObjectNode node = tiers.addObject();
      node.put("name", row.name());
      node.put("parts", row.replicas());
      node.put("percent", row.percent());
      node.put("max", row.most());
      ArrayNode partitions = node.putArray("partitions_by_replicas");
      row.partitions().forEach(partitions::add);
    }
  }
}
