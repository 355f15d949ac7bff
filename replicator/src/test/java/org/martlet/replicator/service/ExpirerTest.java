package org.martlet.replicator.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.martlet.common.model.ObjectPath;
import org.martlet.common.model.Timestamp;
import org.martlet.replicator.run.ReplicaFault;

class ExpirerTest {
  private static final ObjectPath OBJECT = ObjectPath.object("AUTH_a", "c", "o with/slash");
  private static final long END = 2_000;
  private static final List<Integer> PRIMARIES = List.of(0, 1, 2);
  private static final Timestamp AT_END = seconds(END);

  private final FakeCluster cluster = new FakeCluster();
  private final FakeClock clock = new FakeClock(END + 60);

  private static Timestamp seconds(long seconds) {
    return Timestamp.ofTicks(seconds * Timestamp.TICKS_PER_SECOND);
  }

  private Expirer on(int device) {
    return new Expirer(
        new ExpirerConfig(Duration.ofMinutes(1), Duration.ofSeconds(30), 1),
        cluster.backends(),
        List.of(cluster.local(device, cluster.expiring(device))),
        clock);
  }

  private void passOnAll() {
    for (int device = 0; device < FakeCluster.DEVICES; device++) {
      if (!cluster.down.contains(device)) {
        on(device).pass();
      }
    }
  }

  private long deletes() {
    return cluster.log.stream().filter(line -> line.contains("DELETE")).count();
  }

  private void assertGone(int... devices) {
    for (int device : devices) {
      FakeObject object = cluster.find(device, 0, OBJECT).orElseThrow();
      assertThat(object.isLive()).as("device " + device).isFalse();
      assertThat(object.data).isEqualTo(AT_END);
    }
  }

  @Test
  void deletesWhatHasExpiredOnAllPrimariesWithItsEndAsTheClock() {
    cluster.put(PRIMARIES, 0, OBJECT, seconds(1_000), END);
    Expirer expirer = on(0);
    expirer.pass();
    assertGone(0, 1, 2);
    assertThat(cluster.rows.get(OBJECT)).isEqualTo(new FakeCluster.Row(AT_END, true, 0));
    assertThat(expirer.status().done()).isEqualTo(1);
    assertThat(expirer.status().lastPass()).isPresent();
  }

  @Test
  void leavesAnObjectThroughTheGraceAfterItsEnd() {
    cluster.put(PRIMARIES, 0, OBJECT, seconds(1_000), END + 31);
    on(0).pass();
    assertThat(deletes()).isZero();
    clock.advance(Duration.ofSeconds(1));
    on(0).pass();
    assertThat(deletes()).isEqualTo(3);
  }

  @Test
  void onlyTheFirstReachablePrimaryExecutes() {
    cluster.put(PRIMARIES, 0, OBJECT, seconds(1_000), END);
    on(1).pass();
    on(2).pass();
    assertThat(deletes()).isZero();
    cluster.down.add(0);
    on(2).pass();
    assertThat(deletes()).isZero();
    on(1).pass();
    assertGone(1, 2);
  }

  @Test
  void theNextPrimaryExecutesWhereTheFirstHasLostTheObject() {
    cluster.put(List.of(1, 2), 0, OBJECT, seconds(1_000), END);
    on(1).pass();
    assertGone(1, 2);
  }

  @Test
  void twoExecutorsMakeTheSameTombstone() {
    cluster.put(PRIMARIES, 0, OBJECT, seconds(1_000), END);
    cluster.before =
        (device, request) -> {
          cluster.before = (other, later) -> {};
          cluster.down.add(0);
          on(1).pass();
          cluster.down.clear();
        };
    on(0).pass();
    assertGone(1, 2);
    cluster.replicate(0, OBJECT);
    assertGone(0);
    assertThat(cluster.rows.get(OBJECT)).isEqualTo(new FakeCluster.Row(AT_END, true, 0));
  }

  @Test
  void honoursAnExtensionThatOnlyAMajorityKnows() {
    cluster.put(PRIMARIES, 0, OBJECT, seconds(1_000), END);
    cluster.post(List.of(1, 2), 0, OBJECT, seconds(1_500), 9_000);
    passOnAll();
    assertThat(deletes()).isZero();
  }

  @Test
  void honoursTheRemovalOfTheEndByAPost() {
    cluster.put(PRIMARIES, 0, OBJECT, seconds(1_000), END);
    cluster.post(List.of(0, 1), 0, OBJECT, seconds(1_500), 0);
    passOnAll();
    assertThat(deletes()).isZero();
  }

  @Test
  void honoursAnExtensionThatOneReachableReplicaKnows() {
    cluster.put(PRIMARIES, 0, OBJECT, seconds(1_000), END);
    cluster.post(List.of(2), 0, OBJECT, seconds(1_500), 9_000);
    passOnAll();
    assertThat(deletes()).isZero();
  }

  @Test
  void asksHandoffsForPrimariesThatDoNotAnswer() {
    cluster.put(List.of(0, 1, 3), 0, OBJECT, seconds(1_000), END);
    cluster.post(List.of(3), 0, OBJECT, seconds(1_500), 9_000);
    cluster.down.add(2);
    passOnAll();
    assertThat(deletes()).isZero();
  }

  @Test
  void waitsForAMajority() {
    cluster.put(PRIMARIES, 0, OBJECT, seconds(1_000), END);
    cluster.down.addAll(List.of(1, 2));
    Expirer expirer = on(0);
    expirer.pass();
    assertThat(deletes()).isZero();
    assertThat(expirer.status().left()).isEqualTo(1);
    cluster.down.clear();
    expirer.pass();
    assertGone(0, 1, 2);
    assertThat(expirer.status().left()).isZero();
  }

  @Test
  void anExtensionAfterTheReadingIsKeptWhereItArrived() {
    cluster.put(PRIMARIES, 0, OBJECT, seconds(1_000), END);
    cluster.before =
        (device, request) -> {
          if (request.method().equals("DELETE")) {
            cluster.before = (other, later) -> {};
            cluster.post(PRIMARIES, 0, OBJECT, seconds(1_999), 9_000);
          }
        };
    passOnAll();
    for (int device : PRIMARIES) {
      assertThat(cluster.isLive(device, 0, OBJECT)).isTrue();
    }
  }

  @Test
  void aNewObjectOfTheSameNameSurvives() {
    cluster.put(PRIMARIES, 0, OBJECT, seconds(1_000), END);
    cluster.before =
        (device, request) -> {
          if (request.method().equals("DELETE")) {
            cluster.before = (other, later) -> {};
            cluster.put(PRIMARIES, 0, OBJECT, seconds(END + 59), 0);
          }
        };
    passOnAll();
    for (int device : PRIMARIES) {
      assertThat(cluster.isLive(device, 0, OBJECT)).isTrue();
    }
    assertThat(cluster.rows.get(OBJECT).deleted()).isFalse();
  }

  @Test
  void aNewObjectThatTheExecutorHasNotGotSurvives() {
    cluster.put(PRIMARIES, 0, OBJECT, seconds(1_000), END);
    cluster.put(List.of(1, 2), 0, OBJECT, seconds(END + 1), 0);
    passOnAll();
    assertThat(deletes()).isZero();
  }

  @Test
  void aClientsDeletionIsNotRepeated() {
    cluster.put(PRIMARIES, 0, OBJECT, seconds(1_000), END);
    cluster.delete(List.of(1, 2), 0, OBJECT, seconds(1_990));
    passOnAll();
    assertThat(deletes()).isZero();
  }

  @Test
  void anObjectWrittenByAClockAheadOfItsEndGoesToo() {
    cluster.put(PRIMARIES, 0, OBJECT, seconds(END + 5), END);
    on(0).pass();
    FakeObject gone = cluster.find(1, 0, OBJECT).orElseThrow();
    assertThat(gone.isLive()).isFalse();
    assertThat(gone.data).isEqualTo(seconds(END + 5).nextTick());
  }

  @Test
  void isFinishedByTheNextPassWhenCutAfterAnyRequest() {
    for (int cut = 1; cut < 8; cut++) {
      FakeCluster world = new FakeCluster();
      world.put(PRIMARIES, 0, OBJECT, seconds(1_000), END);
      int[] left = {cut};
      world.before =
          (device, request) -> {
            if (left[0]-- == 0) {
              throw new ReplicaFault(ReplicaFault.Kind.STOPPED, "cut");
            }
          };
      for (int device : List.of(0, 1, 2, 0)) {
        new Expirer(
                new ExpirerConfig(Duration.ofMinutes(1), Duration.ZERO, 1),
                world.backends(),
                List.of(world.local(device, world.expiring(device))),
                clock)
            .pass();
      }
      world.replicate(0, OBJECT);
      for (int device : PRIMARIES) {
        assertThat(world.isLive(device, 0, OBJECT)).as("cut after " + cut).isFalse();
      }
      assertThat(world.rows.get(OBJECT)).isEqualTo(new FakeCluster.Row(AT_END, true, 0));
    }
  }

  @Test
  void aHandoffsCopyIsLeftToReplication() {
    cluster.put(List.of(3), 0, OBJECT, seconds(1_000), END);
    passOnAll();
    assertThat(deletes()).isZero();
  }
}
