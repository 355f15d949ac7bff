package org.martlet.common.ring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RingWatcherTest {
  @TempDir Path directory;
  private Path file;
  private final Ring first = RingsForTests.random(1, 4, 2, 4);
  private final Ring second = RingsForTests.random(2, 4, 2, 4);

  @BeforeEach
  void writeFirst() throws IOException {
    file = directory.resolve("object.ring.gz");
    RingFile.write(file, first);
  }

  @Test
  void anUnchangedFileIsNotReadAgain() throws IOException {
    RingWatcher watcher = RingWatcher.open(file);
    Ring held = watcher.holder().current();

    assertThat(watcher.check()).isFalse();
    assertThat(watcher.holder().current()).isSameAs(held);
    assertThat(watcher.holder().previous()).isEmpty();
  }

  @Test
  void aChangedFileTakesOverAndTheOldRingIsKeptUntilSettled() throws IOException {
    RingWatcher watcher = RingWatcher.open(file);
    String md5 = watcher.loaded().md5();
    RingFile.write(file, second);

    assertThat(watcher.check()).isTrue();
    assertThat(watcher.holder().current().placesAs(second)).isTrue();
    assertThat(watcher.loaded().md5()).isNotEqualTo(md5);
    Ring old = watcher.holder().previous().orElseThrow();
    assertThat(old.placesAs(first)).isTrue();

    watcher.holder().settled(old);
    assertThat(watcher.holder().previous()).isEmpty();
  }

  @Test
  void theOldRingIsKeptThroughARestartUntilSettled() throws IOException {
    RingWatcher watcher = RingWatcher.open(file);
    RingFile.write(file, second);
    watcher.check();

    RingWatcher restarted = RingWatcher.open(file);
    Ring old = restarted.holder().previous().orElseThrow();
    assertThat(old.placesAs(first)).isTrue();
    assertThat(restarted.holder().current().placesAs(second)).isTrue();

    restarted.holder().settled(old);
    restarted.check();
    assertThat(RingWatcher.open(file).holder().previous()).isEmpty();
    assertThat(RingWatcher.previousFile(file)).doesNotExist();
  }

  /// The process dies between the rename and its next look at the file.
  @Test
  void theOldRingIsKeptBeforeTheNewFileTakesItsPlace() throws IOException {
    RingWatcher watcher = RingWatcher.open(file);
    watcher.keepBefore(second);
    RingFile.write(file, second);

    Ring old = RingWatcher.open(file).holder().previous().orElseThrow();
    assertThat(old.placesAs(first)).isTrue();
  }

  @Test
  void aRingThatIsStillNeededIsNotOverwrittenBeforeTheNextIsInForce() throws IOException {
    RingWatcher watcher = RingWatcher.open(file);
    RingFile.write(file, second);
    watcher.check();
    watcher.keepBefore(RingsForTests.random(3, 4, 2, 4));

    assertThat(RingFile.read(RingWatcher.previousFile(file)).placesAs(first)).isTrue();
  }

  @Test
  void whatHasSettledInOneProcessStaysInTheFileForOthers() throws IOException {
    RingWatcher watcher = RingWatcher.open(file);
    RingFile.write(file, second);
    watcher.check();
    Ring old = watcher.holder().previous().orElseThrow();
    watcher.settledHere(second);
    assertThat(watcher.holder().previous()).as("not the one that was settled").isPresent();
    watcher.settledHere(old);
    watcher.check();

    assertThat(watcher.holder().previous()).isEmpty();
    assertThat(RingWatcher.open(file).holder().previous()).isPresent();
  }

  @Test
  void aBrokenPreviousRingIsForgotten() throws IOException {
    Files.writeString(RingWatcher.previousFile(file), "half a ring");

    assertThat(RingWatcher.open(file).holder().previous()).isEmpty();
  }

  @Test
  void anOlderFilePutBackTakesOverToo() throws IOException {
    RingWatcher watcher = RingWatcher.open(file);
    RingFile.write(file, second);
    Files.setLastModifiedTime(file, FileTime.fromMillis(1_000_000));

    assertThat(watcher.check()).isTrue();
    assertThat(watcher.holder().current().placesAs(second)).isTrue();
  }

  @Test
  void aBrokenOrMissingFileLeavesTheRingUntilAGoodOneComes() throws IOException {
    RingWatcher watcher = RingWatcher.open(file);
    Files.writeString(file, "half a ring");
    assertThat(watcher.check()).isFalse();
    Files.delete(file);
    assertThat(watcher.check()).isFalse();
    assertThat(watcher.holder().current().placesAs(first)).isTrue();

    RingFile.write(file, second);
    assertThat(watcher.check()).isTrue();
    assertThat(watcher.holder().current().placesAs(second)).isTrue();
  }

  @Test
  void aRingThatPlacesAlikeDoesNotDisplaceThePrevious() {
    RingHolder holder = new RingHolder(first);
    holder.replace(second);
    Ring again = RingsForTests.random(2, 4, 2, 4);
    holder.replace(again);

    assertThat(holder.current()).isSameAs(again);
    assertThat(holder.previous()).containsSame(first);
    holder.settled(second);
    assertThat(holder.previous()).containsSame(first);
  }

  @Test
  void aRingWithMorePartitionsDoesNotDisplaceThePrevious() {
    RingHolder holder = new RingHolder(first);
    holder.replace(second);
    Ring cut = RingsForTests.cut(second, 1);
    holder.replace(cut);

    assertThat(holder.current()).isSameAs(cut);
    assertThat(holder.previous()).as("where data may still be").containsSame(first);
  }

  @Test
  void theRingWithFewerPartitionsIsThePreviousWhereAllHasSettled() {
    RingHolder holder = new RingHolder(first);
    holder.replace(RingsForTests.cut(first, 1));

    assertThat(holder.previous()).as("others stood in for primaries").containsSame(first);
  }

  @Test
  void theSchedulerChecksUntilItIsCancelled() throws Exception {
    RingWatcher watcher = RingWatcher.open(file);
    ScheduledThreadPoolExecutor scheduler = new ScheduledThreadPoolExecutor(1);
    try {
      ScheduledFuture<?> checks = watcher.watch(scheduler);
      assertThat(checks.getDelay(TimeUnit.SECONDS)).isBetween(10L, 15L);
      Runnable check = scheduler.getQueue().peek();
      RingFile.write(file, second);
      check.run();
      assertThat(watcher.holder().current().placesAs(second)).isTrue();
      assertThat(checks.isDone()).isFalse();
      checks.cancel(false);
      assertThat(checks.isCancelled()).isTrue();
    } finally {
      scheduler.shutdownNow();
    }
  }

  @Test
  void aServerCannotStartWithoutARing() {
    assertThatThrownBy(() -> RingWatcher.open(directory.resolve("none.ring.gz")))
        .isInstanceOf(RingFileException.class)
        .hasMessageContaining("none.ring.gz");
  }
}
