package org.martlet.log;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RepeatLimitTest {
  private final LoggerContext context = new LoggerContext();
  private final ListAppender<ILoggingEvent> written = new ListAppender<>();
  private final Logger disks = context.getLogger("disks");
  private long now;
  private final RepeatLimit limit =
      new RepeatLimit(new LogConfig.Repeats(2, Duration.ofSeconds(30)), () -> now);

  @BeforeEach
  void attach() {
    written.start();
    context.getLogger(Logger.ROOT_LOGGER_NAME).addAppender(written);
    context.addTurboFilter(limit);
  }

  private List<String> lines() {
    return written.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
  }

  private void seconds(int seconds) {
    now += Duration.ofSeconds(seconds).toNanos();
  }

  @Test
  void whatRepeatsItselfIsCountedAndToldInOneLine() {
    for (int i = 0; i < 5; i++) {
      disks.error("device {} failed", "d" + i);
    }
    assertThat(lines()).containsExactly("device d0 failed", "device d1 failed");
    seconds(29);
    limit.tell();
    assertThat(lines()).hasSize(2);
    seconds(1);
    limit.tell();
    limit.tell();
    assertThat(lines())
        .hasSize(3)
        .last()
        .isEqualTo("3 more like this in the last 30 s: device {} failed");
    assertThat(written.list.getLast().getLevel()).isEqualTo(Level.ERROR);
    disks.error("device {} failed", "d9");
    assertThat(lines()).last().isEqualTo("device d9 failed");
  }

  @Test
  void anEventAfterTheIntervalTellsOfTheOnesBefore() {
    for (int i = 0; i < 3; i++) {
      disks.warn("slow");
    }
    seconds(45);
    disks.warn("slow");
    assertThat(lines())
        .containsExactly("slow", "slow", "1 more like this in the last 45 s: slow", "slow");
  }

  @Test
  void othersAreNotHeldBack() {
    Logger other = context.getLogger("other");
    for (int i = 0; i < 3; i++) {
      disks.error("broken");
      disks.error("torn");
      other.error("broken");
      disks.info("fine");
    }
    assertThat(lines().stream().filter("fine"::equals)).hasSize(3);
    assertThat(lines().stream().filter("broken"::equals)).hasSize(4);
    assertThat(lines().stream().filter("torn"::equals)).hasSize(2);
  }

  @Test
  void whatIsNotWrittenAnywayDoesNotCount() {
    disks.setLevel(Level.ERROR);
    for (int i = 0; i < 5; i++) {
      disks.warn("quiet");
    }
    seconds(60);
    limit.tell();
    assertThat(lines()).isEmpty();
    assertThat(disks.isWarnEnabled()).isFalse();
  }

  @Test
  void kindsBeyondTheBoundAreLetThroughAndTheTableIsFreedInTime() {
    for (int i = 0; i < RepeatLimit.MAX_KINDS; i++) {
      disks.error("kind " + i);
    }
    for (int i = 0; i < 4; i++) {
      disks.error("one too many");
    }
    assertThat(lines().stream().filter("one too many"::equals)).hasSize(4);
    seconds(30);
    limit.tell();
    for (int i = 0; i < 4; i++) {
      disks.error("one more");
    }
    assertThat(lines().stream().filter("one more"::equals)).hasSize(2);
  }

  @Test
  void zeroLinesIsNoLimit() {
    limit.set(new LogConfig.Repeats(0, Duration.ofSeconds(1)));
    for (int i = 0; i < 50; i++) {
      disks.error("again");
    }
    assertThat(lines()).hasSize(50);
  }
}
