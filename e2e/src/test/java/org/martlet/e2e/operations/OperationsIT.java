package org.martlet.e2e.operations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.martlet.e2e.MartletProcess;

/// The commands of `docs/operations.md`, in their order, on the machines that they are for. What
/// they printed, and how long each took, is in `target/operations.txt` afterwards.
class OperationsIT {
  private static final List<String> MACHINES = List.of("s1", "s2", "s3", "s4");

  private static final Path TRANSCRIPT = Path.of("target", "operations.txt");

  @TempDir Path work;

  @Test
  void everyCommandOfTheHandbookDoesWhatItSays() throws IOException {
    Optional<String> missing = Machines.missing();
    assumeTrue(missing.isEmpty(), missing.orElse(""));
    Handbook handbook = Handbook.read(MartletProcess.home().resolve("docs/operations.md"));
    Files.deleteIfExists(TRANSCRIPT);
    try (Machines machines = Machines.start(work, MACHINES)) {
      for (Handbook.Block block : handbook.blocks()) {
        for (String machine : block.machines()) {
          check(machines, block, machine);
        }
      }
    }
  }

  private static void check(Machines machines, Handbook.Block block, String machine)
      throws IOException {
    long begun = System.nanoTime();
    MartletProcess.Finished finished = machines.run(machine, block.commands());
    Files.writeString(
        TRANSCRIPT,
        "== line %d on %s, %d ms%n%s%n-- exit code %d%n%s%n"
            .formatted(
                block.line(),
                machine,
                (System.nanoTime() - begun) / 1_000_000,
                block.commands(),
                finished.exitCode(),
                finished.output()),
        StandardOpenOption.CREATE,
        StandardOpenOption.APPEND);
    String where =
        "%s, line %d, on %s:%n%s%nprinted:%n%s"
            .formatted(block.chapter(), block.line(), machine, block.commands(), finished.output());
    assertThat(finished.exitCode()).as(where).isEqualTo(block.exit());
    assertThat(Handbook.missing(block.shown(), finished.output())).as(where).isEmpty();
  }
}
