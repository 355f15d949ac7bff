package org.martlet.e2e.chaos;

import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.martlet.e2e.chaos.FaultKind.Need;

/// Rounds of faults under load; after each everything is mended, replicas must become equal, and
/// the checker compares all that is there with all that was acknowledged.
///
/// The controller's side: it knows what is broken and nothing of what was written.
final class ChaosRun {
  private static final long CONVERGENCE_MILLIS = 120_000;
  private static final int CALM_MILLIS = 1_500;

  private final ChaosOptions options;
  private final PrintStream out;
  private final Map<FaultKind, Integer> done = new TreeMap<>();
  private final List<String> problems = new ArrayList<>();
  private int rounds;
  private long slowestConvergence;

  ChaosRun(ChaosOptions options, PrintStream out) {
    this.options = options;
    this.out = out;
  }

  /// What was found; empty if every promise held.
  List<String> run() throws IOException {
    say("seed %d, replay: %s, files: %s", options.seed(), options.replay(), options.work());
    long began = System.nanoTime();
    try (ChaosCluster cluster =
        ChaosCluster.start(
            options.work(),
            network(),
            new ClusterShape(options.nodes(), 1, false, true, options.seed()))) {
      say("%d nodes are up after %s", options.nodes(), since(began));
      // Whoever ends this process early must not find servers, mounts and namespaces left behind.
      Thread mender = new Thread(cluster::close, "mender");
      Runtime.getRuntime().addShutdownHook(mender);
      try (CheckerProcess checker = CheckerProcess.start(cluster, options)) {
        rounds(cluster, checker, new Convergence(cluster));
        say("operations: %s", checker.figures());
      } finally {
        Runtime.getRuntime().removeShutdownHook(mender);
      }
    }
    say(
        "%d rounds, faults %s, slowest convergence %d ms, %d findings, %s in all",
        rounds, done, slowestConvergence, problems.size(), since(began));
    if (!problems.isEmpty()) {
      problems.forEach(problem -> say("FOUND %s", problem));
      say("replay: %s; logs and history: %s", options.replay(), options.work());
    }
    return List.copyOf(problems);
  }

  private Network network() {
    return options.namespaces()
        ? NamespaceNetwork.create(options.nodes() + 1)
        : new LoopbackNetwork();
  }

  private void rounds(ChaosCluster cluster, CheckerProcess checker, Convergence convergence)
      throws IOException {
    Set<Need> present = EnumSet.noneOf(Need.class);
    present.addAll(Faults.present(cluster.network()));
    if (convergence.isComplete()) {
      present.add(Need.REPAIR);
    }
    Schedule schedule = new Schedule(options.seed(), options.nodes(), present);
    say(
        "faults: %s; not possible here: %s",
        schedule.kinds(),
        EnumSet.complementOf(
            schedule.kinds().isEmpty()
                ? EnumSet.noneOf(FaultKind.class)
                : EnumSet.copyOf(schedule.kinds())));
    Faults faults = new Faults(cluster);
    long left = options.seconds() * 1000L;
    while (left > 0 && problems.isEmpty()) {
      int length = (int) Math.min(left, options.round() * 1000L);
      List<Step> steps = schedule.round(rounds, length);
      checker.tell("resume");
      Pause.millis(CALM_MILLIS);
      breakThings(cluster, checker, faults, steps);
      checker.tell("pause");
      check(checker, convergence);
      left -= steps.stream().mapToLong(step -> step.length() + step.rest()).sum();
      rounds++;
    }
  }

  private void breakThings(
      ChaosCluster cluster, CheckerProcess checker, Faults faults, List<Step> steps)
      throws IOException {
    Grade resting = Grade.CALM;
    for (Step step : steps) {
      say("round %d: %s", rounds, step);
      if (step.faults().stream().anyMatch(fault -> fault.kind().isLossy())) {
        resting = Grade.LOSS;
      }
      checker.grade(step.grade().worse(resting));
      for (Fault fault : step.faults()) {
        faults.begin(fault);
        done.merge(fault.kind(), 1, Integer::sum);
      }
      Pause.millis(step.length());
      for (Fault fault : step.faults()) {
        faults.end(fault);
      }
      cluster.awaitWell();
      checker.grade(resting);
      Pause.millis(step.rest());
    }
  }

  private void check(CheckerProcess checker, Convergence convergence) throws IOException {
    long began = System.nanoTime();
    checker.tell("verify-newest");
    if (convergence.isComplete()) {
      for (int reading = 0; reading < 2; reading++) {
        checker.tell("read-copies");
        Pause.millis(CALM_MILLIS);
        converge(convergence);
      }
      checker.tell("verify-copies");
      checker.tell("verify-listings");
    }
    checker.grade(Grade.CALM);
    problems.addAll(checker.findings().stream().map(f -> "round " + rounds + ": " + f).toList());
    say("round %d: checked in %s", rounds, since(began));
  }

  private void converge(Convergence convergence) {
    long began = System.nanoTime();
    List<List<String>> last = new ArrayList<>();
    boolean converged =
        Pause.until(
            CONVERGENCE_MILLIS,
            () -> {
              last.clear();
              last.add(differences(convergence));
              return last.getFirst().isEmpty();
            });
    long took = Duration.ofNanos(System.nanoTime() - began).toMillis();
    slowestConvergence = Math.max(slowestConvergence, took);
    say("round %d: replicas are equal after %d ms: %s", rounds, took, converged);
    if (!converged) {
      problems.add("round " + rounds + ": replicas do not become equal: " + last.getFirst());
    }
  }

  private static List<String> differences(Convergence convergence) {
    try {
      return convergence.differences();
    } catch (IOException e) {
      return List.of(e.toString());
    }
  }

  private void say(String format, Object... values) {
    out.println(String.format(format, values));
  }

  private static String since(long nanos) {
    return Duration.ofNanos(System.nanoTime() - nanos).toMillis() / 1000.0 + " s";
  }
}
