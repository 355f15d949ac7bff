package org.martlet.objectserver.index;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.martlet.common.model.ObjectHash;
import org.martlet.objectserver.state.ObjectKey;

class RecentChangesTest {
  private static final int KEYS = 4;

  private static ObjectKey key(int n) {
    return ObjectKey.whole(0, new ObjectHash(n, n));
  }

  /// Each number is a change of the keys whose bits are set.
  @Property(tries = 300)
  void neverCallsAKeyUnchangedThatWasChangedSinceItWasRead(
      @ForAll @Size(max = 30) List<@IntRange(max = 15) Integer> masks) {
    RecentChanges changes = new RecentChanges();
    List<Set<ObjectKey>> all = new ArrayList<>();
    for (int mask : masks) {
      Set<ObjectKey> keys =
          IntStream.range(0, KEYS)
              .filter(n -> (mask & 1 << n) != 0)
              .mapToObj(RecentChangesTest::key)
              .collect(Collectors.toSet());
      changes.add(keys);
      all.add(keys);
      for (int asOf = 0; asOf <= all.size(); asOf++) {
        for (int n = 0; n < KEYS; n++) {
          ObjectKey key = key(n);
          boolean changed = all.subList(asOf, all.size()).stream().anyMatch(c -> c.contains(key));
          assertThat(changes.isUnchanged(key, asOf) && changed).isFalse();
        }
      }
    }
    assertThat(changes.count()).isEqualTo(masks.size());
  }

  @Test
  void knowsThatAKeyIsUnchangedThroughChangesOfOthers() {
    RecentChanges changes = new RecentChanges();
    long asOf = changes.count();
    changes.add(Set.of(key(1)));
    changes.add(Set.of(key(2)));
    assertThat(changes.isUnchanged(key(3), asOf)).isTrue();
    assertThat(changes.isUnchanged(key(2), asOf)).isFalse();
    assertThat(changes.isUnchanged(key(1), asOf + 1)).isTrue();
  }

  @Test
  void knowsNothingOfWhatWasNotRead() {
    assertThat(new RecentChanges().isUnchanged(key(1), -1)).isFalse();
  }
}
