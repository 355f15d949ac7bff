package org.martlet.ringbuilder.cli;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.martlet.ringbuilder.builder.Movement;
import org.martlet.ringbuilder.builder.RebalanceResult;
import org.martlet.ringbuilder.builder.RingBuilder;
import org.martlet.ringbuilder.builder.RingBuilderException;

/// A scenario as it was played: after the changes of each round the ring is rebalanced until
/// its plan is met or nothing moves, with min_part_hours passing in between.
record ScenarioRun(List<Round> rounds) {
  /// More rebalances in a round show nothing new.
  private static final int MOST_REBALANCES = 16;

  /// @param devices in the ring after the round
  record Round(int number, List<String> changes, List<Step> steps, int devices) {}

  /// One rebalance.
  record Step(RebalanceResult result, Movement movement) {}

  /// @param progress is told of each round
  static ScenarioRun play(Scenario scenario, InstantSource clock, ProgressBar progress)
      throws CliException, RingBuilderException {
    RingBuilder builder = scenario.start().copy();
    List<Round> rounds = new ArrayList<>();
    for (List<Scenario.Change> changes : scenario.rounds()) {
      int number = rounds.size() + 1;
      progress.at(rounds.size(), scenario.rounds().size(), "round " + number);
      for (Scenario.Change change : changes) {
        apply(change, builder, number);
      }
      List<Step> steps = new ArrayList<>();
      boolean more = true;
      while (more && steps.size() < MOST_REBALANCES) {
        builder.pretendMinPartHoursPassed();
        RebalanceReport report = RebalanceReport.of(builder, scenario.seed(), clock);
        steps.add(new Step(report.result(), report.movement()));
        // A partition that loses a replica stays put in the same rebalance: nothing may move yet.
        boolean stuck = report.result().changed() == 0 && steps.size() > 1;
        more = report.result().left() > 0 && !stuck;
      }
      List<String> texts = changes.stream().map(Scenario.Change::text).toList();
      rounds.add(new Round(number, texts, List.copyOf(steps), builder.devices().size()));
    }
    return new ScenarioRun(List.copyOf(rounds));
  }

  private static void apply(Scenario.Change change, RingBuilder builder, int round)
      throws CliException {
    try {
      change.action().apply(builder);
    } catch (CliException | RingBuilderException e) {
      throw new CliException("round %d, %s: %s".formatted(round, change.text(), e.getMessage()));
    }
  }
}
