package org.martlet.common.ring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.martlet.common.ring.RingInbox.Refused;
import org.martlet.common.ring.RingInbox.Result;

class RingInboxTest {
  private static final RingSeal SEAL =
      RingSeal.with("0123456789abcdef".getBytes(StandardCharsets.US_ASCII));

  @TempDir Path directory;
  @TempDir Path elsewhere;
  private RingWatcher watcher;
  private RingInbox inbox;

  @BeforeEach
  void open() throws IOException {
    Path file = directory.resolve("object.ring.gz");
    RingFile.write(file, ring(1, 5, 4));
    watcher = RingWatcher.open(file);
    inbox = new RingInbox(Map.of("object", watcher), SEAL);
  }

  private static Ring ring(long seed, long version, int partPower) {
    return RingsForTests.random(seed, version, partPower, 2, 4);
  }

  private byte[] file(Ring ring) throws IOException {
    Path file = elsewhere.resolve("object.ring.gz");
    RingFile.write(file, ring);
    return Files.readAllBytes(file);
  }

  private Result take(byte[] file, long version) throws Refused, IOException {
    return inbox.take("object", file, seal("object", file, version));
  }

  private static String seal(String name, byte[] file, long version) {
    return SEAL.write(RingSeal.Sealed.of(name, version, file));
  }

  private void assertUnchanged() throws IOException {
    assertThat(watcher.holder().current().version()).isEqualTo(5);
    try (Stream<Path> files = Files.list(directory)) {
      assertThat(files.map(file -> String.valueOf(file.getFileName())))
          .filteredOn(file -> !file.equals(".object.ring.gz.lock"))
          .containsExactly("object.ring.gz");
    }
  }

  @Test
  void aNewerRingIsInForceAtOnceAndTheOldOneIsKept() throws Exception {
    byte[] file = file(ring(2, 6, 4));
    assertThat(take(file, 6)).isEqualTo(Result.TAKEN);
    assertThat(watcher.holder().current().version()).isEqualTo(6);
    assertThat(watcher.holder().previous().orElseThrow().version()).isEqualTo(5);
    assertThat(directory.resolve("object.ring.gz")).hasBinaryContent(file);
    assertThat(take(file, 6)).isEqualTo(Result.SAME);
  }

  @Test
  void anOlderRingOrAnotherOfTheSameVersionIsStale() throws Exception {
    for (Ring ring : List.of(ring(2, 4, 4), ring(2, 5, 4))) {
      byte[] file = file(ring);
      assertThatThrownBy(() -> take(file, ring.version()))
          .isInstanceOfSatisfying(Refused.class, e -> assertThat(e.isStale()).isTrue())
          .hasMessageContaining("in force");
    }
    assertUnchanged();
  }

  @Test
  void aForgedDamagedOrMislabelledRingIsRefused() throws Exception {
    byte[] file = file(ring(2, 6, 4));
    RingSeal other = RingSeal.with("fedcba9876543210".getBytes(StandardCharsets.US_ASCII));
    byte[] damaged = file.clone();
    damaged[damaged.length / 2] ^= 1;
    byte[] noRing = "no ring".getBytes(StandardCharsets.US_ASCII);
    String forged = other.write(RingSeal.Sealed.of("object", 6, file));
    assertRefused(file, forged, "not of this cluster's secret");
    assertRefused(damaged, seal("object", file, 6), "damaged on its way");
    assertRefused(file, seal("container", file, 6), "of the ring container, not object");
    assertRefused(file, seal("object", file, 7), "of version 6, its seal of 7");
    assertRefused(noRing, seal("object", noRing, 6), "not a gzip file");
    assertRefused(file, "", "not of the form martlet-ring-1");
    assertUnchanged();
  }

  private void assertRefused(byte[] file, String seal, String why) {
    assertThatThrownBy(() -> inbox.take("object", file, seal))
        .isInstanceOfSatisfying(Refused.class, e -> assertThat(e.isStale()).isFalse())
        .hasMessageContaining(why);
  }

  @Test
  void aRingThatIsNotKnownHereIsRefused() throws Exception {
    byte[] file = file(ring(2, 6, 4));
    assertThatThrownBy(() -> inbox.take("object-7", file, seal("object-7", file, 6)))
        .isInstanceOf(Refused.class)
        .hasMessageContaining("object-7");
    assertUnchanged();
  }

  @Test
  void thePartPowerGrowsOneStepAtATime() throws Exception {
    for (int partPower : List.of(3, 6)) {
      byte[] file = file(ring(2, 6, partPower));
      assertThatThrownBy(() -> take(file, 6))
          .isInstanceOf(Refused.class)
          .hasMessageContaining("part power");
    }
    assertUnchanged();
    assertThat(take(file(ring(2, 6, 5)), 6)).isEqualTo(Result.TAKEN);
  }

  /// Object and container server of one machine, each in a process of its own.
  @Test
  void ofTwoVersionsThatTwoProcessesTakeAtOnceTheNewerIsInForce() throws Exception {
    Path target = directory.resolve("object.ring.gz");
    for (int round = 0; round < 40; round++) {
      long version = 6 + 2 * round;
      byte[] newer = file(ring(round, version + 1, 4));
      byte[] older = file(ring(round + 1, version, 4));
      RingInbox other = new RingInbox(Map.of("object", RingWatcher.open(target)), SEAL);
      CyclicBarrier together = new CyclicBarrier(2);
      CompletableFuture<String> there =
          CompletableFuture.supplyAsync(() -> outcome(together, other, newer, version + 1));
      String here = outcome(together, inbox, older, version);
      assertThat(there.get(20, TimeUnit.SECONDS)).isEqualTo("TAKEN");
      assertThat(here).isIn("TAKEN", "stale");
      assertThat(target).hasBinaryContent(newer);
    }
  }

  private static String outcome(
      CyclicBarrier together, RingInbox inbox, byte[] file, long version) {
    try {
      together.await(20, TimeUnit.SECONDS);
      return inbox.take("object", file, seal("object", file, version)).name();
    } catch (Refused e) {
      return e.isStale() ? "stale" : String.valueOf(e.getMessage());
    } catch (Exception e) {
      throw new CompletionException(e);
    }
  }

  @Test
  void theSameRingInAnotherFormatIsTaken() throws Exception {
    Path other = elsewhere.resolve("object.ring.gz");
    RingFile.write(other, ring(1, 5, 4), RingFormat.V2);
    byte[] file = Files.readAllBytes(other);
    assertThat(take(file, 5)).isEqualTo(Result.TAKEN);
    assertThat(directory.resolve("object.ring.gz")).hasBinaryContent(file);
    assertThat(watcher.holder().previous()).isEmpty();
    assertThat(take(file, 5)).isEqualTo(Result.SAME);
  }

  @Test
  void whatACrashLeftBehindIsSweptAway() throws Exception {
    Path left = Files.writeString(directory.resolve(".object.ring.gz.123.arriving"), "half");
    Path others = Files.writeString(directory.resolve(".object-1.ring.gz.123.arriving"), "half");
    assertThat(take(file(ring(2, 6, 4)), 6)).isEqualTo(Result.TAKEN);
    assertThat(left).doesNotExist();
    assertThat(others).as("of another ring, which another process may be taking").exists();
  }

  @Test
  void aRingThatWasPutThereByHandMeanwhileCounts() throws Exception {
    RingFile.write(directory.resolve("object.ring.gz"), ring(3, 9, 4));
    byte[] file = file(ring(2, 6, 4));
    assertThatThrownBy(() -> take(file, 6)).isInstanceOf(Refused.class);
    assertThat(watcher.holder().current().version()).isEqualTo(9);
  }
}
