package org.martlet.ringbuilder.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.martlet.common.ring.AtomicFile;
import org.martlet.ringbuilder.builder.RebalanceResult;
import org.martlet.ringbuilder.builder.RingBuilder;
import org.martlet.ringbuilder.builder.RingBuilderException;
import org.martlet.ringbuilder.file.BuilderFile;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// `ring-builder [BUILDER] analyze SCENARIO`: plays changes on a ring that exists only in
/// memory.
@Command(
    name = "analyze",
    header = "Play a list of changes and show what moves.",
    synopsisHeading = "%nUsage: ",
    customSynopsis = {
      "martlet ring-builder analyze <scenario> [--html=<file>]",
      "       martlet ring-builder <builder> analyze <scenario> ..."
    },
    descriptionHeading = "%n",
    parameterListHeading = "%n",
    description = {
      "Play rounds of changes and show balance, dispersion and movement after each. Nothing is"
          + " changed. With a builder, its ring is where the scenario begins.",
      "A scenario is JSON as for swift-ring-builder-analyzer: part_power, replicas, overload,"
          + " random_seed, rounds; docs/ring.md has an example."
    })
@SuppressWarnings("NullAway.Init") // picocli fills the injected fields in before call()
final class AnalyzeCommand extends CliCommand {
  @ParentCommand private RingBuilderCommand parent;

  @Parameters(index = "0", paramLabel = "<scenario>", description = "A JSON file.")
  private Path scenarioFile;

  @Option(
      names = {"-c", "--check"},
      description = "Only check the scenario.")
  private boolean check;

  @Option(
      names = "--html",
      paramLabel = "<file>",
      description = "Also write a page with pictures; it needs no other file.")
  private @Nullable Path html;

  @Override
  boolean forPrograms() {
    return super.forPrograms() || parent.forPrograms();
  }

  @Override
  int run() throws CliException, RingBuilderException, IOException {
    Path builder = parent.builderOrNull();
    RingBuilder start = builder == null ? null : BuilderFile.read(BuilderFile.builderPath(builder));
    Scenario scenario = Scenario.read(scenarioFile, start);
    if (check) {
      report().json().put("valid", true);
      return ExitCode.SUCCESS;
    }
    ScenarioRun run = ScenarioRun.play(scenario, parent.clock(), report().progress());
    if (html != null) {
      writePage(html, run);
    }
    putInto(report().json(), run);
    print(run);
    return ExitCode.SUCCESS;
  }

  private void writePage(Path file, ScenarioRun run) throws IOException {
    String page = ScenarioPage.of(String.valueOf(scenarioFile.getFileName()), run);
    AtomicFile.write(file, out -> out.write(page.getBytes(StandardCharsets.UTF_8)));
  }

  private void print(ScenarioRun run) {
    for (ScenarioRun.Round round : run.rounds()) {
      print("Round %d: %s", round.number(), summary(round));
      for (int n = 0; n < round.steps().size(); n++) {
        ScenarioRun.Step step = round.steps().get(n);
        RebalanceResult result = step.result();
        print(
            "\tRebalance %d: moved %d replicas (%.2f%% of the data), fewest possible %d, left %d,"
                + " balance is %.6f, dispersion is %.6f, %d removed devs",
            n + 1,
            result.changed(),
            step.movement().percent(),
            result.fewest(),
            result.left(),
            result.balance(),
            result.dispersion(),
            result.removedDevices());
      }
    }
  }

  /// The changes of a round in a few words.
  static String summary(ScenarioRun.Round round) {
    int shown = Math.min(3, round.changes().size());
    String changes = String.join(", ", round.changes().subList(0, shown));
    int more = round.changes().size() - shown;
    return (more > 0 ? changes + " and " + more + " more" : changes)
        + "; "
        + round.devices()
        + " devices";
  }

  private static void putInto(ObjectNode root, ScenarioRun run) {
    ArrayNode rounds = root.putArray("rounds");
    for (ScenarioRun.Round round : run.rounds()) {
      ObjectNode node = rounds.addObject();
      node.put("round", round.number());
      round.changes().forEach(node.putArray("changes")::add);
      node.put("devices", round.devices());
      ArrayNode rebalances = node.putArray("rebalances");
      round.steps().forEach(step -> put(step, rebalances.addObject()));
    }
  }

  private static void put(ScenarioRun.Step step, ObjectNode node) {
    RebalanceResult result = step.result();
    node.put("moved_replicas", result.changed());
    node.put("total_replicas", step.movement().total());
    node.put("moved_percent", step.movement().percent());
    node.put("fewest_moves", result.fewest());
    node.put("above_fewest", result.aboveFewest());
    node.put("left", result.left());
    node.put("removed_devices", result.removedDevices());
    node.put("balance", result.balance());
    node.put("dispersion", result.dispersion());
    ArrayNode moving = node.putArray("partitions_by_replicas_moving_at_once");
    step.movement().partitionsMoving().forEach(moving::add);
  }
}
