package org.martlet.replicator.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.martlet.common.model.ObjectHash;
import org.martlet.common.model.PartitionId;
import org.martlet.common.replication.HashRange;

class HashRangeTest {
  private static final ObjectHash FIRST = new ObjectHash(0, 0);
  private static final ObjectHash LAST = new ObjectHash(-1, -1);

  @Property(tries = 300)
  void aLeafHoldsExactlyTheHashesThatBeginWithItsBits(
      @ForAll @IntRange(max = 31) int bits,
      @ForAll long high,
      @ForAll long low,
      @ForAll long elsewhere) {
    ObjectHash hash = new ObjectHash(high, low);
    Leaf leaf = Leaf.of(hash.partition(bits), bits);
    ObjectHash other = new ObjectHash(elsewhere, low);
    assertThat(leaf.range().contains(hash)).isTrue();
    assertThat(leaf.range().contains(other))
        .isEqualTo(other.partition(bits).equals(hash.partition(bits)));
  }

  @Example
  void leavesFollowEachOtherWithoutGapFromTheFirstHashToTheLast() {
    HashRange all = new Leaf(0, 0).range();
    assertThat(all).isEqualTo(new HashRange(FIRST, LAST));
    HashRange rest = all;
    for (int prefix = 0; prefix < 8; prefix++) {
      HashRange leaf = new Leaf(3, prefix).range();
      assertThat(leaf.first()).isEqualTo(rest.first());
      if (prefix < 7) {
        rest = rest.after(leaf.last()).orElseThrow();
      } else {
        assertThat(rest.after(leaf.last())).isEmpty();
      }
    }
  }

  @Example
  void whatIsLeftBeginsWithTheNextHash() {
    HashRange all = new HashRange(FIRST, LAST);
    assertThat(all.after(new ObjectHash(5, 9)).orElseThrow().first())
        .isEqualTo(new ObjectHash(5, 10));
    assertThat(all.after(new ObjectHash(5, -1)).orElseThrow().first())
        .isEqualTo(new ObjectHash(6, 0));
    assertThat(all.after(LAST)).isEmpty();
  }

  @Example
  void leavesAreComparedAtTheCoarserOfBothButNeverCoarserThanPartitions() {
    assertThat(Leaf.commonBits(10, 14, 12)).isEqualTo(12);
    assertThat(Leaf.commonBits(10, 12, 14)).isEqualTo(12);
    assertThat(Leaf.commonBits(10, 8, 14)).isEqualTo(10);
    assertThat(Leaf.of(new PartitionId(3), 10)).isEqualTo(new Leaf(10, 3));
  }

  @Example
  void refusesLeavesAndRangesThatAreNone() {
    assertThatThrownBy(() -> new Leaf(3, 8)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Leaf(32, 0)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new HashRange(LAST, FIRST))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
