package org.martlet.common.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.martlet.common.model.Timestamp;

class TimestampSourceTest {
  private final ManualClock clock = new ManualClock();
  private final TimestampSource source = new TimestampSource(clock);

  private Timestamp now() {
    return Timestamp.of(clock.instant());
  }

  @Example
  void issuesThePresent() {
    assertThat(source.next()).isEqualTo(now());
    clock.advance(Duration.ofSeconds(1));
    assertThat(source.next()).isEqualTo(now());
  }

  @Example
  void goesOneTickForwardWhileTheClockStandsOrGoesBack() {
    Timestamp first = source.next();
    assertThat(source.next()).isEqualTo(first.nextTick());
    clock.set(clock.instant().minusSeconds(100));
    assertThat(source.next()).isEqualTo(first.nextTick().nextTick());
  }

  @Example
  void passesAnotherTimestamp() {
    Timestamp future = Timestamp.ofTicks(now().ticks() + 60 * Timestamp.TICKS_PER_SECOND);

    assertThat(source.nextAfter(future)).isEqualTo(future.nextTick());
    assertThat(source.nextAfter(future)).isEqualTo(future.nextTick().nextTick());
    assertThat(source.nextAfter(new Timestamp(future.ticks(), 5))).isGreaterThan(future);
    assertThat(source.nextAfter(Timestamp.ZERO)).isEqualTo(now());
  }

  @Example
  void isNotDraggedIntoTheFutureByOneThatIsAhead() {
    source.nextAfter(Timestamp.ofTicks(now().ticks() + 60 * Timestamp.TICKS_PER_SECOND));

    assertThat(source.next()).isEqualTo(now());
  }

  @Example
  void skipsWhatItIssuedAheadWhenTheClockGetsThere() {
    Timestamp ahead = Timestamp.ofTicks(now().ticks() + 60 * Timestamp.TICKS_PER_SECOND);
    Set<Timestamp> issued = new HashSet<>();
    for (int i = 0; i < 5; i++) {
      assertThat(issued.add(source.nextAfter(ahead))).isTrue();
    }
    clock.advance(Duration.ofSeconds(60));
    for (int i = 0; i < 10; i++) {
      assertThat(issued.add(source.next())).isTrue();
    }
  }

  @Property(tries = 200)
  void neverIssuesATickTwiceAndOnlyGoesForward(@ForAll long seed) {
    Random random = new Random(seed);
    ManualClock clock = new ManualClock();
    TimestampSource source = new TimestampSource(clock);
    Set<Timestamp> issued = new HashSet<>();
    Timestamp last = Timestamp.ZERO;
    Timestamp other = Timestamp.of(clock.instant());
    for (int i = 0; i < 200; i++) {
      switch (random.nextInt(4)) {
        case 0 -> clock.advance(Duration.ofNanos(random.nextInt(200_000)));
        case 1 -> clock.set(clock.instant().minusMillis(random.nextInt(50)));
        case 2 -> {
          Timestamp after = source.nextAfter(other);
          assertThat(after).isGreaterThan(other);
          assertThat(issued.add(after)).isTrue();
          other = Timestamp.ofTicks(after.ticks() + random.nextInt(3000) - 1500);
        }
        default -> {
          Timestamp next = source.next();
          assertThat(next).isGreaterThan(last);
          assertThat(issued.add(next)).isTrue();
          last = next;
        }
      }
    }
  }

  @Example
  void issuesEachOnceToManyThreads() throws Exception {
    TimestampSource real = new TimestampSource(InstantSource.system());
    Set<Timestamp> issued = ConcurrentHashMap.newKeySet();
    List<Thread> threads = new ArrayList<>();
    for (int t = 0; t < 4; t++) {
      threads.add(
          Thread.ofPlatform()
              .start(
                  () -> {
                    for (int i = 0; i < 5000; i++) {
                      issued.add(real.next());
                    }
                  }));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(issued).hasSize(20_000);
  }
}
