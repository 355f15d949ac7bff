package org.martlet.e2e.chaos;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// The command behind `e2e/chaos`.
final class Chaos {
  private static final String USAGE =
      """
      usage: e2e/chaos [--seed N] [--minutes M] [--namespaces] [--work DIRECTORY]

        --seed N        the schedule, the clients and the rings follow from it [the time of day]
        --minutes M     minutes of faults, without what checks take [10]; 600 for a night
        --namespaces    every member in a network namespace of its own, so that it can be cut off
                        from others, both ways and one way (needs root)
        --work DIR      where devices, logs and the history are written [a new one in /tmp]
      """;

  private Chaos() {}

  public static void main(String[] arguments) throws IOException {
    long seed = System.currentTimeMillis() % 1_000_000;
    int minutes = 10;
    boolean namespaces = false;
    Path work = null;
    for (int i = 0; i < arguments.length; i++) {
      switch (arguments[i]) {
        case "--seed" -> seed = Long.parseLong(arguments[++i]);
        case "--minutes" -> minutes = Integer.parseInt(arguments[++i]);
        case "--namespaces" -> namespaces = true;
        case "--work" -> work = Files.createDirectories(Path.of(arguments[++i]));
        default -> {
          System.err.print(USAGE);
          System.exit(2);
        }
      }
    }
    if (namespaces) {
      NamespaceNetwork.missing()
          .ifPresent(
              why -> {
                System.err.println("--namespaces: " + why);
                System.exit(2);
              });
    }
    Path directory = work == null ? Files.createTempDirectory("martlet-chaos") : work;
    ChaosOptions options = ChaosOptions.of(seed, minutes * 60, namespaces, directory);
    List<String> problems = new ChaosRun(options, System.out).run();
    System.exit(problems.isEmpty() ? 0 : 1);
  }
}
