package org.martlet.e2e.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/// A short run of what `e2e/chaos` does for hours. `-Dchaos.seconds=600` (or `mvn verify -Pchaos`)
/// for a long one, `-Dchaos.seed=` for another.
class ChaosIT {
  private static final int SECONDS = Integer.getInteger("chaos.seconds", 25);
  private static final long SEED = Long.getLong("chaos.seed", 20261123L);

  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  Path work;

  @Test
  void acknowledgedWritesAreKeptAndNothingElseIsServedWhateverBreaks() throws IOException {
    boolean namespaces = NamespaceNetwork.missing().isEmpty();
    ChaosOptions options = ChaosOptions.of(SEED, SECONDS, namespaces, work);
    assertThat(new ChaosRun(options, System.out).run())
        .as("seed %d; replay: %s", SEED, options.replay())
        .isEmpty();
  }
}
