package org.martlet.recon;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.martlet.common.disk.RealDisk;

final class DiskUsesTest {
  private static final Duration SHORT = Duration.ofMillis(100);

  @TempDir private Path root = Path.of("");

  private final AtomicLong nanos = new AtomicLong();

  private DiskUses uses(DiskUses.MountCheck check, Duration patience, String... names) {
    return new DiskUses(root, List.of(names), new RealDisk(), check, nanos::get, patience);
  }

  @Test
  void tellsSizeAndUseOfADiskThatIsThere() throws IOException {
    Files.createDirectory(root.resolve("d1"));
    DiskUse use =
        uses(Files::isDirectory, Duration.ofSeconds(60), "d1").measure().join().getFirst();
    assertThat(use.isWell()).isTrue();
    assertThat(use.total()).isPositive();
    assertThat(use.usage()).containsEntry("mounted", true).containsEntry("avail", use.usable());
    assertThat(use.usage().get("used")).isEqualTo(use.total() - use.usable());
  }

  @Test
  void tellsADiskThatIsNotMountedWithoutFigures() {
    DiskUse use = uses(device -> false, Duration.ofSeconds(60), "d1").measure().join().getFirst();
    assertThat(use.unmounted()).containsEntry("device", "d1").containsEntry("mounted", false);
    assertThat(use.usage()).containsEntry("size", "").containsEntry("avail", "");
  }

  @Test
  void tellsAFaultInPlaceOfWhetherItIsMounted() {
    DiskUses uses =
        uses(
            device -> {
              throw new IOException("input/output error");
            },
            Duration.ofSeconds(60),
            "d1");
    assertThat(uses.measure().join().getFirst().unmounted())
        .containsEntry("mounted", "java.io.IOException: input/output error");
  }

  @Test
  void aDiskThatHangsCostsOneThreadAndNotTheOthersAnswers() {
    CountDownLatch hanging = new CountDownLatch(1);
    AtomicInteger asked = new AtomicInteger();
    DiskUses uses =
        uses(
            device -> {
              if (device.endsWith("bad")) {
                asked.incrementAndGet();
                awaitQuietly(hanging);
              }
              return false;
            },
            SHORT,
            "bad",
            "good");
    for (int i = 0; i < 3; i++) {
      nanos.addAndGet(Duration.ofSeconds(5).toNanos());
      List<DiskUse> all = uses.measure().join();
      assertThat(all.get(0).fault()).contains("does not answer");
      assertThat(all.get(1).fault()).isNull();
    }
    hanging.countDown();
    assertThat(asked).hasValue(1);
  }

  @Test
  void aMeasureIsGoodForASecondHoweverManyAsk() {
    AtomicInteger asked = new AtomicInteger();
    DiskUses uses = uses(device -> asked.incrementAndGet() < 0, Duration.ofSeconds(60), "d1");
    for (int i = 0; i < 10; i++) {
      uses.measure().join();
    }
    assertThat(asked).hasValue(1);
    nanos.addAndGet(Duration.ofSeconds(2).toNanos());
    uses.measure().join();
    assertThat(asked).hasValue(2);
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
