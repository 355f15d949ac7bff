package org.martlet.replicator.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.martlet.common.model.DeviceId;
import org.martlet.common.model.Digest;
import org.martlet.common.model.PartitionId;
import org.martlet.common.ring.RingDevice;

class DigestSetTest {
  @Property(tries = 200)
  void differsExactlyWhereDigestsDoAndAbsentIsZero(
      @ForAll("digests") Map<Integer, Digest> a, @ForAll("digests") Map<Integer, Digest> b) {
    List<Integer> expected =
        IntStream.range(0, 8)
            .filter(
                key -> !a.getOrDefault(key, Digest.ZERO).equals(b.getOrDefault(key, Digest.ZERO)))
            .boxed()
            .toList();
    assertThat(DigestSet.of(a).differing(DigestSet.of(b))).isEqualTo(expected);
    assertThat(DigestSet.of(b).differing(DigestSet.of(a))).isEqualTo(expected);
    assertThat(DigestSet.of(a).differing(DigestSet.of(a))).isEmpty();
  }

  @Example
  void namesOnlyWhatIsNotEmpty() {
    DigestSet<Leaf> digests =
        DigestSet.of(Map.of(new Leaf(3, 5), new Digest(1, 1), new Leaf(3, 2), Digest.ZERO));
    assertThat(digests.nonEmpty()).containsExactly(new Leaf(3, 5));
    assertThat(digests.digest(new Leaf(3, 2))).isEqualTo(Digest.ZERO);
  }

  @Example
  void comparesOnlyPartitionsThatBothDevicesShare() {
    PartitionId shared = new PartitionId(1);
    PartitionId theirsAlone = new PartitionId(2);
    RingDevice peer = RingDevice.of(new DeviceId(1), 1, 1, "10.0.0.1", 6200, "d1", 1);
    PassStep.Compare step = new PassStep.Compare(peer, List.of(shared));
    DigestSet<PartitionId> peers =
        DigestSet.of(Map.of(shared, new Digest(1, 0), theirsAlone, new Digest(2, 0)));
    assertThat(step.differing(DigestSet.<PartitionId>of(Map.of()), peers)).containsExactly(shared);
    assertThat(step.differing(peers, peers)).isEmpty();
  }

  @Provide
  Arbitrary<Map<Integer, Digest>> digests() {
    return Arbitraries.maps(
        Arbitraries.integers().between(0, 7),
        Arbitraries.longs().between(0, 2).map(low -> new Digest(0, low)));
  }
}
