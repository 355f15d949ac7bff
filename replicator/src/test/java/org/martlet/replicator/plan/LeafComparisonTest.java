package org.martlet.replicator.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.martlet.common.model.ObjectHash;
import org.martlet.common.model.Timestamp;
import org.martlet.common.replication.HashRange;
import org.martlet.common.replication.RecordEntry;

class LeafComparisonTest {
  private static final HashRange RANGE = new Leaf(8, 0).range();
  private static final int ALL = 100;

  private static LeafComparison compare(ModelReplica ours, ModelReplica peers) {
    return LeafComparison.of(ours.page(RANGE, ALL), peers.page(RANGE, ALL), Timestamp.ZERO);
  }

  private static void send(LeafComparison comparison, ModelReplica from, ModelReplica to) {
    for (RecordDifference.Push push : comparison.pushes()) {
      to.receive(push.ours(), push.content(), from.state(push.ours().hash()));
    }
  }

  /// Both plan first, then both push: the worst order.
  private static void round(ModelReplica a, ModelReplica b) {
    LeafComparison planOfA = compare(a, b);
    LeafComparison planOfB = compare(b, a);
    ModelReplica peersBefore = ModelReplica.of(b.states());
    send(planOfA, a, b);
    send(planOfB, peersBefore, a);
  }

  @Property(tries = 500)
  void pushesOfBothSidesMakeBothEqual(
      @ForAll("orderly") Map<ObjectHash, ModelState> a,
      @ForAll("orderly") Map<ObjectHash, ModelState> b) {
    ModelReplica ours = ModelReplica.of(a);
    ModelReplica peers = ModelReplica.of(b);
    round(ours, peers);
    TreeMap<ObjectHash, ModelState> joined = new TreeMap<>(a);
    b.forEach((hash, state) -> joined.merge(hash, state, ModelState::merge));
    assertThat(ours.states()).isEqualTo(joined);
    assertThat(peers.states()).isEqualTo(joined);
  }

  @Property(tries = 500)
  void aSecondRoundSettlesEvenTiesOfClocks(
      @ForAll("any") Map<ObjectHash, ModelState> a, @ForAll("any") Map<ObjectHash, ModelState> b) {
    ModelReplica ours = ModelReplica.of(a);
    ModelReplica peers = ModelReplica.of(b);
    round(ours, peers);
    round(ours, peers);
    TreeMap<ObjectHash, ModelState> joined = new TreeMap<>(a);
    b.forEach((hash, state) -> joined.merge(hash, state, ModelState::merge));
    assertThat(ours.states()).isEqualTo(joined);
    assertThat(peers.states()).isEqualTo(joined);
    assertThat(compare(ours, peers).isClean()).isTrue();
  }

  @Property(tries = 100)
  void equalSidesHaveNothingToDo(@ForAll("any") Map<ObjectHash, ModelState> states) {
    LeafComparison comparison = compare(ModelReplica.of(states), ModelReplica.of(states));
    assertThat(comparison.isClean()).isTrue();
    assertThat(comparison.inSync()).isEqualTo(states.size());
  }

  @Property(tries = 300)
  void whatOneSideExpectsTheOtherPushes(
      @ForAll("any") Map<ObjectHash, ModelState> a, @ForAll("any") Map<ObjectHash, ModelState> b) {
    ModelReplica ours = ModelReplica.of(a);
    ModelReplica peers = ModelReplica.of(b);
    assertThat(compare(ours, peers).expected())
        .isEqualTo(
            compare(peers, ours).pushes().stream().map(RecordDifference.Push::ours).toList());
  }

  @Property(tries = 300)
  void pagesOfAnySizesFindWhatOneListingFinds(
      @ForAll("any") Map<ObjectHash, ModelState> a,
      @ForAll("any") Map<ObjectHash, ModelState> b,
      @ForAll @IntRange(min = 1, max = 4) int ourLimit,
      @ForAll @IntRange(min = 1, max = 4) int peersLimit) {
    ModelReplica ours = ModelReplica.of(a);
    ModelReplica peers = ModelReplica.of(b);
    List<RecordDifference> found = new ArrayList<>();
    int inSync = 0;
    Optional<HashRange> rest = Optional.of(RANGE);
    while (rest.isPresent()) {
      HashRange asked = rest.get();
      LeafComparison part =
          LeafComparison.of(
              ours.page(asked, ourLimit), peers.page(asked, peersLimit), Timestamp.ZERO);
      found.addAll(part.differences());
      inSync += part.inSync();
      rest = asked.after(part.compared().last());
    }
    assertThat(found).isEqualTo(compare(ours, peers).differences());
    assertThat(inSync).isEqualTo(compare(ours, peers).inSync());
  }

  private static ObjectHash hash(long n) {
    return new ObjectHash(0, n);
  }

  @Example
  void saysWhatIsMissingOldAndApart() {
    ModelState old = ModelState.put(1, 1, 1);
    ModelState young = ModelState.put(2, 2, 2);
    ModelState posted = old.post(3, 3);
    ModelReplica ours =
        ModelReplica.of(Map.of(hash(1), old, hash(2), young, hash(3), old, hash(5), young));
    ModelReplica peers =
        ModelReplica.of(Map.of(hash(2), old, hash(3), young, hash(4), old, hash(5), posted));
    assertThat(compare(ours, peers).differences())
        .containsExactly(
            new RecordDifference.Push(ours.entry(hash(1)), PushContent.STATE_AND_BODY),
            new RecordDifference.Push(ours.entry(hash(2)), PushContent.STATE_AND_BODY),
            new RecordDifference.Expect(peers.entry(hash(3))),
            new RecordDifference.Expect(peers.entry(hash(4))),
            new RecordDifference.Exchange(
                new RecordDifference.Push(ours.entry(hash(5)), PushContent.STATE_AND_BODY),
                peers.entry(hash(5))));
  }

  @Example
  void sendsNoBodyForTombstonesAndForPosts() {
    ModelState put = ModelState.put(1, 1, 1);
    ModelReplica ours =
        ModelReplica.of(Map.of(hash(1), put.post(2, 2), hash(2), ModelState.tombstone(2)));
    ModelReplica peers = ModelReplica.of(Map.of(hash(1), put));
    assertThat(compare(ours, peers).pushes())
        .extracting(RecordDifference.Push::content)
        .containsExactly(PushContent.STATE, PushContent.STATE);
  }

  @Example
  void refusesListingsThatCannotBe() {
    ModelReplica some =
        ModelReplica.of(Map.of(hash(1), ModelState.tombstone(1), hash(2), ModelState.tombstone(1)));
    RecordEntry one = some.entry(hash(1));
    RecordEntry two = some.entry(hash(2));
    HashRange upToOne = RANGE.upTo(hash(1));
    assertThatThrownBy(() -> new RecordPage(RANGE, List.of(two, one)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new RecordPage(RANGE, List.of(one, one)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new RecordPage(upToOne, List.of(one, two)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> RecordPage.of(RANGE, List.of(one, two), 1))
        .isInstanceOf(IllegalArgumentException.class);
    RecordPage later = new RecordPage(RANGE.after(hash(1)).orElseThrow(), List.of());
    assertThatThrownBy(() -> LeafComparison.of(some.page(RANGE, ALL), later, Timestamp.ZERO))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static Arbitrary<Map<ObjectHash, ModelState>> records(Arbitrary<ModelState> states) {
    return Arbitraries.maps(Arbitraries.longs().between(0, 9).map(LeafComparisonTest::hash), states)
        .ofMaxSize(8);
  }

  @Provide
  Arbitrary<Map<ObjectHash, ModelState>> any() {
    return records(ModelState.any());
  }

  @Provide
  Arbitrary<Map<ObjectHash, ModelState>> orderly() {
    return records(ModelState.withoutTies());
  }

  @Example
  void aTombstonePastItsTimeThatOnlyOneSideHasIsNoDifference() {
    ModelReplica with = ModelReplica.of(Map.of(hash(1), ModelState.tombstone(5)));
    ModelReplica without = ModelReplica.of(Map.of());
    Timestamp lapsed = Timestamp.ofTicks(6);
    assertThat(compare(with, without, lapsed).isClean()).isTrue();
    assertThat(compare(without, with, lapsed).isClean()).isTrue();
    assertThat(compare(with, without, Timestamp.ofTicks(5)).pushes()).hasSize(1);
    assertThat(compare(without, with, Timestamp.ofTicks(5)).expected()).hasSize(1);
  }

  @Example
  void aTombstonePastItsTimeGoesToWhoHasWhatItDeleted() {
    ModelReplica ours = ModelReplica.of(Map.of(hash(1), ModelState.tombstone(5)));
    ModelReplica peers = ModelReplica.of(Map.of(hash(1), ModelState.put(3, 1, 1)));
    assertThat(compare(ours, peers, Timestamp.ofTicks(6)).pushes()).hasSize(1);
  }

  @Example
  void dataIsNeverPastItsTime() {
    ModelReplica ours = ModelReplica.of(Map.of(hash(1), ModelState.put(3, 1, 1)));
    ModelReplica peers = ModelReplica.of(Map.of());
    assertThat(compare(ours, peers, Timestamp.ofTicks(6)).pushes()).hasSize(1);
  }

  private static LeafComparison compare(
      ModelReplica ours, ModelReplica peers, Timestamp lapsedBefore) {
    return LeafComparison.of(ours.page(RANGE, ALL), peers.page(RANGE, ALL), lapsedBefore);
  }
}
