package org.martlet.replicator.run;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/// Clusters of four to six nodes in one thread, with everything that may go wrong: lost, late and
/// doubled messages, one-way cuts, crashes, wiped devices, rot, full devices, skewed clocks, ring
/// changes. Then quiet, and longer than the reclaim age.
///
/// A failure names its seed; `-Dsim.seed=N` replays it, `-Dsim.seeds=N` runs more of them.
class ReplicationSimTest {
  private static final long CHAOS_MILLIS = 900_000;
  private static final long QUIET_MILLIS = 240_000;

  @Test
  void everyPromiseIsKeptThroughAnyFaultsAndAllIsInItsPlaceAfterThem() {
    Long one = Long.getLong("sim.seed");
    long first = one == null ? 1 : one;
    long count = one == null ? Long.getLong("sim.seeds", 100) : 1;
    long drops = 0;
    long purges = 0;
    for (long seed = first; seed < first + count; seed++) {
      SimTruth truth = run(seed);
      drops += truth.drops();
      purges += truth.purges();
    }
    assertThat(drops).as("handoffs were given away").isPositive();
    assertThat(purges).as("tombstones were reclaimed").isPositive();
  }

  private static SimTruth run(long seed) {
    SimWorld world = new SimWorld(seed);
    try {
      new SimStory(world).tell(CHAOS_MILLIS, QUIET_MILLIS);
      return world.truth();
    } catch (AssertionError | RuntimeException e) {
      throw new AssertionError(
          "seed " + seed + " (replay: -Dsim.seed=" + seed + "), " + world.truth().summary(), e);
    }
  }
}
