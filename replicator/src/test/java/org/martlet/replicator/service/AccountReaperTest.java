package org.martlet.replicator.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.martlet.common.model.ObjectPath;
import org.martlet.common.model.Timestamp;
import org.martlet.replicator.run.ReplicaFault;

class AccountReaperTest {
  private static final String ACCOUNT = "AUTH_gone";
  private static final long DELETED = 5_000;
  private static final List<Integer> PRIMARIES = List.of(0, 1, 2);

  private final FakeCluster cluster = new FakeCluster();
  private final FakeListings listings = new FakeListings(cluster);
  private final FakeClock clock = new FakeClock(DELETED + 100);

  @BeforeEach
  void fill() {
    listings.containers.put(ACCOUNT, new TreeSet<>(List.of("a", "b", "c ü", "empty")));
    for (String container : List.of("a", "b", "c ü")) {
      for (int i = 0; i < 5; i++) {
        cluster.put(PRIMARIES, i % 2, object(container, i), seconds(1_000 + i), 0);
      }
    }
  }

  private static ObjectPath object(String container, int i) {
    return ObjectPath.object(ACCOUNT, container, "o/" + i);
  }

  private static Timestamp seconds(long seconds) {
    return Timestamp.ofTicks(seconds * Timestamp.TICKS_PER_SECOND);
  }

  private AccountReaper on(int device, Duration delay) {
    DeletedAccounts source =
        (from, limit) -> {
          boolean there = !listings.containers.getOrDefault(ACCOUNT, new TreeSet<>()).isEmpty();
          return new DeletedAccounts.Page(
              there ? List.of(new DeletedAccounts.Deleted(ACCOUNT, seconds(DELETED))) : List.of(),
              Optional.empty());
        };
    return new AccountReaper(
        new AccountReaperConfig(Duration.ofHours(1), delay, Duration.ofDays(1), 1),
        cluster.backends(listings),
        List.of(cluster.local(device, source)),
        clock);
  }

  private AccountReaper on(int device) {
    return on(device, Duration.ZERO);
  }

  private void assertAllGone() {
    assertThat(listings.containers.get(ACCOUNT)).isEmpty();
    assertThat(cluster.rows.values()).allMatch(FakeCluster.Row::deleted);
    for (String container : List.of("a", "b", "c ü")) {
      for (int i = 0; i < 5; i++) {
        cluster.replicate(i % 2, object(container, i));
        for (int device : PRIMARIES) {
          assertThat(cluster.isLive(device, i % 2, object(container, i))).isFalse();
        }
      }
    }
  }

  private long deletes() {
    return cluster.log.stream().filter(line -> line.contains("DELETE")).count();
  }

  @Test
  void deletesObjectsOfAllPoliciesAndThenTheContainers() {
    AccountReaper reaper = on(0);
    reaper.pass();
    assertAllGone();
    assertThat(reaper.status().done()).isEqualTo(4);
    assertThat(reaper.status().left()).isZero();
  }

  @Test
  void waitsForTheDelay() {
    AccountReaper reaper = on(0, Duration.ofSeconds(101));
    reaper.pass();
    assertThat(deletes()).isZero();
    assertThat(reaper.status().left()).isEqualTo(1);
    clock.advance(Duration.ofSeconds(1));
    reaper.pass();
    assertAllGone();
  }

  @Test
  void onlyTheFirstReachablePrimaryReaps() {
    on(1).pass();
    on(2).pass();
    on(4).pass();
    assertThat(deletes()).isZero();
    cluster.down.add(0);
    on(1).pass();
    cluster.down.clear();
    on(0).pass();
    assertAllGone();
  }

  @Test
  void leavesAnAccountThatAPrimaryHasAsExisting() {
    listings.deleted.remove(2);
    listings.existing.add(2);
    on(0).pass();
    assertThat(deletes()).isZero();
  }

  @Test
  void leavesAnAccountThatNoMajorityHasAsDeleted() {
    listings.deleted.removeAll(List.of(1, 2));
    AccountReaper reaper = on(0);
    reaper.pass();
    assertThat(deletes()).isZero();
    assertThat(reaper.status().left()).isEqualTo(1);
  }

  @Test
  void goesOnOverWhatFailsAndFinishesLater() {
    cluster.before =
        (device, request) -> {
          if (request.method().equals("DELETE")
              && request.target().contains("/b/")
              && !device.device().equals("d0")) {
            throw new ReplicaFault(ReplicaFault.Kind.UNREACHABLE, "for some reason");
          }
        };
    AccountReaper reaper = on(0);
    reaper.pass();
    assertThat(listings.containers.get(ACCOUNT)).containsExactly("b");
    assertThat(reaper.status().left()).isEqualTo(1);
    assertThat(reaper.status().errors()).isPositive();
    assertThat(reaper.status().lastError()).isPresent();
    cluster.before = (device, request) -> {};
    reaper.pass();
    assertAllGone();
  }

  @Test
  void deletesObjectsThatWereWrittenByAClockAhead() {
    cluster.put(PRIMARIES, 0, object("a", 0), seconds(DELETED + 400), 0);
    on(0).pass();
    assertAllGone();
  }

  @Test
  void isFinishedByTheNextPassWhenCutAnywhere() {
    for (int cut = 1; cut < 200; cut += 7) {
      fill();
      int[] left = {cut};
      cluster.before =
          (device, request) -> {
            if (left[0]-- <= 0) {
              throw new ReplicaFault(ReplicaFault.Kind.STOPPED, "cut");
            }
          };
      on(0).pass();
      cluster.before = (device, request) -> {};
      on(0).pass();
      assertAllGone();
    }
  }
}
