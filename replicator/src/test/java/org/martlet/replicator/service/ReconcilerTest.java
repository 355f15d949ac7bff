package org.martlet.replicator.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.martlet.common.model.ObjectHash;
import org.martlet.common.model.ObjectPath;
import org.martlet.common.model.Timestamp;
import org.martlet.common.protocol.ListingRow;
import org.martlet.replicator.run.ReplicaFault;

class ReconcilerTest {
  private static final List<Integer> PRIMARIES = List.of(0, 1, 2);
  private static final ObjectPath OBJECT = ObjectPath.object("AUTH_a", "c", "o");
  private static final int RIGHT = 0;
  private static final int WRONG = 1;
  private static final Timestamp WRITTEN = seconds(1_000);
  private static final Timestamp MOVED = new Timestamp(WRITTEN.ticks(), 1);

  private FakeCluster cluster;
  private FakeListings listings;
  private int settled;

  @BeforeEach
  void begin() {
    cluster = new FakeCluster();
    listings = new FakeListings(cluster);
    listings.containers.put("AUTH_a", new TreeSet<>(List.of("c")));
  }

  private static Timestamp seconds(long seconds) {
    return Timestamp.ofTicks(seconds * Timestamp.TICKS_PER_SECOND);
  }

  private Reconciler on(int device) {
    return new Reconciler(
        new ReconcilerConfig(Duration.ofMinutes(1), 1),
        cluster.backends(listings),
        List.of(cluster.local(device, new Source())),
        new FakeClock(9_000));
  }

  private final class Source implements MisplacedSource {
    @Override
    public Containers containers(Optional<String> from, int limit) {
      ObjectHash hash = new ObjectHash(1, 1);
      return new Containers(
          List.of(new Marked(ObjectPath.container("AUTH_a", "c"), hash, WRITTEN)),
          Optional.empty());
    }

    @Override
    public Rows rows(Marked container, Optional<String> from, int limit) {
      List<ListingRow> rows = new ArrayList<>();
      cluster.rows.forEach(
          (path, row) -> {
            if (row.policy() != RIGHT) {
              rows.add(
                  new ListingRow(
                      String.valueOf(path.object()),
                      row.at(),
                      row.at(),
                      row.at(),
                      row.deleted(),
                      row.deleted() ? 0 : 7,
                      row.deleted() ? "" : "etag",
                      row.deleted() ? "" : "text/plain",
                      row.policy()));
            }
          });
      return new Rows(rows, Optional.empty());
    }

    @Override
    public void settled(Marked container) {
      settled++;
    }
  }

  private FakeObject right(int device) {
    return cluster.find(device, RIGHT, OBJECT).orElseThrow();
  }

  private void assertMoved() {
    for (int device : PRIMARIES) {
      assertThat(right(device).isLive()).isTrue();
      assertThat(right(device).data).isEqualTo(MOVED);
      assertThat(new String(right(device).body)).isEqualTo(WRITTEN.toString());
      assertThat(right(device).etag).isEqualTo("of " + WRITTEN);
      assertThat(cluster.isLive(device, WRONG, OBJECT)).isFalse();
    }
    assertThat(cluster.rows.get(OBJECT)).isEqualTo(new FakeCluster.Row(MOVED, false, RIGHT));
  }

  private long changes() {
    return cluster.log.stream()
        .filter(line -> line.contains(" PUT ") || line.contains(" DELETE "))
        .count();
  }

  @Test
  void movesAnObjectToTheContainersPolicyAndCorrectsItsRow() {
    cluster.put(PRIMARIES, WRONG, OBJECT, WRITTEN, 5_000);
    Reconciler reconciler = on(0);
    reconciler.pass();
    assertMoved();
    assertThat(right(1).deleteAt()).isEqualTo(5_000);
    assertThat(reconciler.status().done()).isEqualTo(1);
    assertThat(settled).isZero();
    reconciler.pass();
    assertThat(settled).isEqualTo(1);
  }

  @Test
  void newerMetadataKeepsItsClock() {
    cluster.put(PRIMARIES, WRONG, OBJECT, WRITTEN, 0);
    cluster.post(PRIMARIES, WRONG, OBJECT, seconds(1_100), 6_000);
    on(0).pass();
    assertMoved();
    assertThat(right(2).metadata).isEqualTo(seconds(1_100));
    assertThat(right(2).deleteAt()).isEqualTo(6_000);
  }

  @Test
  void nothingIsLostWhereverItIsCut() {
    for (int cut = 0; cut < 40; cut++) {
      begin();
      cluster.put(PRIMARIES, WRONG, OBJECT, WRITTEN, 0);
      cluster.post(PRIMARIES, WRONG, OBJECT, seconds(1_100), 6_000);
      int[] left = {cut};
      cluster.before =
          (device, request) -> {
            if (left[0]-- <= 0) {
              throw new ReplicaFault(ReplicaFault.Kind.STOPPED, "cut");
            }
          };
      on(0).pass();
      cluster.before = (device, request) -> {};
      long inWrong = PRIMARIES.stream().filter(d -> cluster.isLive(d, WRONG, OBJECT)).count();
      long inRight = PRIMARIES.stream().filter(d -> cluster.isLive(d, RIGHT, OBJECT)).count();
      assertThat(inWrong == 3 || inRight >= 2).as("after a cut at " + cut).isTrue();
      assertThat(cluster.rows.get(OBJECT).deleted()).isFalse();
      on(0).pass();
      cluster.replicate(WRONG, OBJECT);
      cluster.replicate(RIGHT, OBJECT);
      on(0).pass();
      assertMoved();
      assertThat(right(0).metadata).isEqualTo(seconds(1_100));
    }
  }

  @Test
  void carriesADeletionToTheRightPolicy() {
    cluster.put(PRIMARIES, RIGHT, OBJECT, seconds(900), 0);
    cluster.delete(PRIMARIES, WRONG, OBJECT, WRITTEN);
    on(0).pass();
    for (int device : PRIMARIES) {
      assertThat(right(device).isLive()).isFalse();
      assertThat(right(device).data).isEqualTo(MOVED);
    }
    assertThat(cluster.rows.get(OBJECT)).isEqualTo(new FakeCluster.Row(MOVED, true, RIGHT));
  }

  @Test
  void aNewerObjectInTheRightPolicySurvivesAnOldDeletion() {
    cluster.delete(PRIMARIES, WRONG, OBJECT, WRITTEN);
    FakeCluster.Row row = cluster.rows.get(OBJECT);
    cluster.put(PRIMARIES, RIGHT, OBJECT, seconds(1_200), 0);
    FakeCluster.Row newer = cluster.rows.get(OBJECT);
    cluster.rows.put(OBJECT, row);
    on(0).pass();
    assertThat(right(0).isLive()).isTrue();
    cluster.rows.merge(OBJECT, newer, FakeCluster.Row::merge);
    assertThat(cluster.rows.get(OBJECT)).isEqualTo(newer);
  }

  @Test
  void doesNotReplaceWhatIsNewerInTheRightPolicy() {
    cluster.put(PRIMARIES, WRONG, OBJECT, WRITTEN, 0);
    FakeCluster.Row row = cluster.rows.get(OBJECT);
    cluster.put(PRIMARIES, RIGHT, OBJECT, seconds(1_200), 0);
    cluster.rows.put(OBJECT, row);
    on(0).pass();
    for (int device : PRIMARIES) {
      assertThat(right(device).data).isEqualTo(seconds(1_200));
      assertThat(cluster.isLive(device, WRONG, OBJECT)).isFalse();
    }
    assertThat(cluster.rows.get(OBJECT)).isEqualTo(row);
  }

  @Test
  void aNewWriteInTheWrongPolicyMeanwhileIsKept() {
    cluster.put(PRIMARIES, WRONG, OBJECT, WRITTEN, 0);
    cluster.before =
        (device, request) -> {
          if (request.method().equals("DELETE")) {
            cluster.before = (other, later) -> {};
            cluster.put(PRIMARIES, WRONG, OBJECT, seconds(1_300), 0);
          }
        };
    on(0).pass();
    assertThat(cluster.isLive(0, WRONG, OBJECT)).isTrue();
    assertThat(cluster.rows.get(OBJECT).policy()).isEqualTo(WRONG);
    on(0).pass();
    assertThat(right(0).data).isEqualTo(new Timestamp(seconds(1_300).ticks(), 1));
    assertThat(cluster.isLive(0, WRONG, OBJECT)).isFalse();
  }

  @Test
  void newMetadataInTheWrongPolicyMeanwhileIsCarriedOver() {
    cluster.put(PRIMARIES, WRONG, OBJECT, WRITTEN, 0);
    cluster.before =
        (device, request) -> {
          if (request.method().equals("PUT") && device.device().equals("d2")) {
            cluster.before = (other, later) -> {};
            cluster.post(PRIMARIES, WRONG, OBJECT, seconds(1_400), 7_000);
          }
        };
    on(0).pass();
    on(0).pass();
    assertMoved();
    assertThat(right(0).deleteAt()).isEqualTo(7_000);
  }

  @Test
  void waitsUntilTheContainersReplicasAgree() {
    cluster.put(PRIMARIES, WRONG, OBJECT, WRITTEN, 0);
    listings.policies.put(2, WRONG);
    Reconciler reconciler = on(0);
    reconciler.pass();
    assertThat(changes()).isZero();
    assertThat(reconciler.status().left()).isEqualTo(1);
    listings.policies.put(2, RIGHT);
    reconciler.pass();
    assertMoved();
  }

  @Test
  void onlyTheFirstReachablePrimaryMoves() {
    cluster.put(PRIMARIES, WRONG, OBJECT, WRITTEN, 0);
    on(1).pass();
    on(4).pass();
    assertThat(changes()).isZero();
    cluster.down.add(0);
    on(1).pass();
    cluster.down.clear();
    cluster.replicate(WRONG, OBJECT);
    cluster.replicate(RIGHT, OBJECT);
    assertMoved();
  }

  @Test
  void leavesAnObjectThatNoMajorityCanTake() {
    cluster.put(PRIMARIES, WRONG, OBJECT, WRITTEN, 0);
    cluster.before =
        (device, request) -> {
          if (request.method().equals("PUT") && !device.device().equals("d0")) {
            throw new ReplicaFault(ReplicaFault.Kind.UNAVAILABLE, "full");
          }
        };
    Reconciler reconciler = on(0);
    reconciler.pass();
    assertThat(reconciler.status().left()).isEqualTo(1);
    assertThat(PRIMARIES).allMatch(device -> cluster.isLive(device, WRONG, OBJECT));
    cluster.before = (device, request) -> {};
    reconciler.pass();
    assertMoved();
  }

  @Test
  void aRowThatIsAheadOfItsObjectWaits() {
    cluster.put(PRIMARIES, WRONG, OBJECT, WRITTEN, 0);
    cluster.rows.put(OBJECT, new FakeCluster.Row(seconds(1_500), false, WRONG));
    on(0).pass();
    assertThat(changes()).isZero();
  }
}
