package org.martlet.common.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class HeadBudgetTest {
  @Test
  void theAllowanceCostsNothing() {
    HeadBudget budget = new HeadBudget(0);
    assertThat(budget.share().hold(HeadBudget.ALLOWANCE)).isTrue();
    assertThat(budget.share().hold(HeadBudget.ALLOWANCE + 1)).isFalse();
  }

  @Test
  void oneTakesWhatAnotherGaveBack() {
    HeadBudget budget = new HeadBudget(1000);
    HeadBudget.Share first = budget.share();
    HeadBudget.Share second = budget.share();
    assertThat(first.hold(HeadBudget.ALLOWANCE + 600)).isTrue();
    assertThat(second.hold(HeadBudget.ALLOWANCE + 600)).isFalse();
    first.release();
    assertThat(second.hold(HeadBudget.ALLOWANCE + 600)).isTrue();
    assertThat(budget.free()).isEqualTo(400);
  }

  @Test
  void theBudgetFollowsTheHeapWithinBounds() {
    assertThat(HeadBudget.ofHeap(384 << 20).free()).isEqualTo(48 << 20);
    assertThat(HeadBudget.ofHeap(1 << 20).free()).isEqualTo(4 << 20);
    assertThat(HeadBudget.ofHeap(Long.MAX_VALUE).free()).isEqualTo(256 << 20);
  }

  @Property
  void neverMoreIsHeldThanThereIsAndAllComesBack(
      @ForAll @Size(max = 100) List<@IntRange(max = 40_000) Integer> sizes) {
    HeadBudget budget = new HeadBudget(50_000);
    List<HeadBudget.Share> shares = new ArrayList<>();
    long[] held = new long[4];
    for (int i = 0; i < held.length; i++) {
      shares.add(budget.share());
    }
    for (int i = 0; i < sizes.size(); i++) {
      int share = i % held.length;
      if (shares.get(share).hold(sizes.get(i))) {
        held[share] = Math.max(0, sizes.get(i) - HeadBudget.ALLOWANCE);
      }
      long sum = held[0] + held[1] + held[2] + held[3];
      assertThat(budget.free()).isEqualTo(50_000 - sum).isNotNegative();
    }
    shares.forEach(HeadBudget.Share::release);
    assertThat(budget.free()).isEqualTo(50_000);
  }
}
