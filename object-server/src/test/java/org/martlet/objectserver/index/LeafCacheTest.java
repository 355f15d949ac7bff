package org.martlet.objectserver.index;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.martlet.common.model.Digest;

class LeafCacheTest {
  record Change(LeafName leaf, Digest digest) {}

  @Provide
  Arbitrary<List<Change>> changes() {
    Arbitrary<Integer> policies = Arbitraries.of(0, 1, 65_535);
    Arbitrary<Integer> leaves = Arbitraries.integers().between(0, (1 << 24) - 1);
    Arbitrary<Digest> digests =
        Combinators.combine(Arbitraries.longs(), Arbitraries.longs()).as(Digest::new);
    return Combinators.combine(policies, leaves, digests)
        .as((policy, leaf, digest) -> new Change(new LeafName(policy, leaf), digest))
        .list()
        .ofMaxSize(2000);
  }

  @Property(tries = 200)
  void neverGivesAnythingButTheLastDigestOfThatLeaf(@ForAll("changes") List<Change> changes) {
    LeafCache cache = new LeafCache();
    Map<LeafName, Digest> truth = new HashMap<>();
    for (Change change : changes) {
      cache.put(change.leaf(), change.digest());
      truth.put(change.leaf(), change.digest());
      assertThat(cache.get(change.leaf())).isEqualTo(change.digest());
    }
    truth.forEach((name, digest) -> assertThat(cache.get(name)).isIn(digest, null));
  }

  @Test
  void knowsMostOfTheLeavesOfADeviceWithThousandsOfThem() {
    LeafCache cache = new LeafCache();
    for (int leaf = 0; leaf < 4096; leaf++) {
      cache.put(new LeafName(0, leaf), new Digest(leaf, 1));
    }
    int known = 0;
    for (int leaf = 0; leaf < 4096; leaf++) {
      known += cache.get(new LeafName(0, leaf)) == null ? 0 : 1;
    }
    assertThat(known).isGreaterThan(3500);
  }

  @Test
  void knowsNothingOnceItIsCleared() {
    LeafCache cache = new LeafCache();
    cache.put(new LeafName(0, 0), new Digest(1, 2));
    cache.clear();
    assertThat(cache.get(new LeafName(0, 0))).isNull();
  }
}
