package org.martlet.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Cuts the power of one device again and again, on a real ext4, under 32 writers and while it is
/// being opened; damage would add up, since the device is kept.
///
/// `-Dprobe.powercuts=50` for the long run; `-Dprobe.mount=data=writeback` for other options of
/// mount, `-Dprobe.image=48` for the image's size in MiB: a small one is full at most cuts.
class PowerCutProbeIT {
  private static final int ROUNDS = Integer.getInteger("probe.powercuts", 3);
  private static final long SEED = Long.getLong("probe.seed", 20261122L);
  private static final String OPTIONS = System.getProperty("probe.mount", "defaults");
  private static final int IMAGE_MIB = Integer.getInteger("probe.image", 512);

  @TempDir Path work;

  @Test
  void everyPromiseHoldsThroughPowerCutsAtAnyMoment() throws Exception {
    Ext4Image.missing().ifPresent(why -> Assumptions.abort("not run: " + why));
    Random random = new Random(SEED);
    try (Ext4Image image =
            Ext4Image.create(
                work.resolve("disk.img"),
                work.resolve("devices/d1"),
                (long) IMAGE_MIB << 20,
                OPTIONS);
        PowerCutDevice device = PowerCutDevice.create(work, image, random)) {
      for (int round = 1; round <= ROUNDS; round++) {
        device.writeUntilCut(round);
        if (random.nextInt(3) == 0) {
          device.cutWhileOpening();
        }
        device.check(round, random.nextInt(5) == 0 || round == ROUNDS);
      }
      System.out.println(
          ROUNDS + " power cuts, seed " + SEED + ", " + OPTIONS + ": " + device.summary());
      assertThat(device.acknowledged()).isGreaterThan(ROUNDS * 30L);
      assertThat(device.cutBetweenRequestAndAnswer())
          .as("changes under way when the power went")
          .isPositive();
      if (ROUNDS >= 3) {
        assertThat(device.removedVolumes()).as("volumes that compaction removed").isPositive();
      }
    }
  }
}
