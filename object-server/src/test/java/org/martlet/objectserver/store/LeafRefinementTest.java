package org.martlet.objectserver.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.martlet.common.disk.CrashChoice;
import org.martlet.common.disk.PowerLoss;
import org.martlet.common.kv.KeyValueFault;
import org.martlet.common.model.Digest;
import org.martlet.objectserver.index.StateDigest;

/// Digests become finer while the device serves.
class LeafRefinementTest {
  private final Machine machine = Machine.fresh();

  private static void fill(DeviceStore store, int from, int to) {
    List<CompletableFuture<?>> answers = new ArrayList<>();
    for (int n = from; n < to; n++) {
      answers.add(store.submit(Samples.put(n, 100 + n, Samples.body(n, 10))));
    }
    answers.forEach(CompletableFuture::join);
  }

  @Test
  void askingForSmallerPartitionsMakesLeavesAsSmallAndNothingIsWrongMeanwhile() throws Exception {
    try (LogDeviceStore store = machine.open()) {
      fill(store, 0, 300);
      assertThat(store.leafBits()).isEqualTo(4);
      assertThat(store.partitionDigests(0, 7)).isEqualTo(computed(store, 7));
      while (store.leafBits() < 7) {
        assertThat(store.partitionDigests(0, 7)).isEqualTo(computed(store, 7));
      }
      Checks.isConsistent(store);
    }
  }

  private static SortedMap<Integer, Digest> computed(DeviceStore store, int bits)
      throws StoreFault {
    StateDigest digests = new StateDigest("cluster secret".getBytes(StandardCharsets.UTF_8));
    TreeMap<Integer, Digest> all = new TreeMap<>();
    for (IndexedObject object : Everything.of(store)) {
      if (object.key().policy() == 0) {
        all.merge(
            object.key().hash().partition(bits).value(),
            digests.of(object.key(), object.clocks()),
            Digest::xor);
      }
    }
    return all;
  }

  @Test
  void whatChangesMeanwhileIsInTheFinerDigests() throws Exception {
    AtomicBoolean done = new AtomicBoolean();
    try (LogDeviceStore store = machine.open()) {
      fill(store, 0, 500);
      Thread writer =
          Thread.ofPlatform()
              .start(
                  () -> {
                    Random random = new Random(1);
                    for (int ticks = 1000; !done.get(); ticks++) {
                      int n = random.nextInt(600);
                      store
                          .submit(
                              random.nextInt(3) == 0
                                  ? Samples.delete(n, ticks)
                                  : Samples.put(n, ticks, Samples.body(ticks, 10)))
                          .join();
                    }
                  });
      try {
        for (int bits = 5; bits <= 12; bits++) {
          store.refineDigests(bits);
          assertThat(store.leafBits()).isEqualTo(bits);
        }
      } finally {
        done.set(true);
        writer.join();
      }
      Checks.isConsistent(store);
    }
    try (LogDeviceStore store = machine.open()) {
      assertThat(store.leafBits()).as("of a restart").isEqualTo(12);
      Checks.isConsistent(store);
    }
  }

  @Test
  void finerDigestsAreDurableAlsoWhereNothingElseHasChanged() throws IOException {
    try (LogDeviceStore store = machine.open()) {
      fill(store, 0, 50);
      store.checkpoint();
      store.refineDigests(9);
    }
    try (LogDeviceStore store = machine.crash(CrashChoice.keepNothing()).open()) {
      assertThat(store.leafBits()).isEqualTo(9);
      Checks.isConsistent(store);
    }
  }

  @Test
  void enoughLeavesAreLeftAlone() throws Exception {
    try (LogDeviceStore store = machine.open()) {
      fill(store, 0, 50);
      store.partitionDigests(0, 4);
      store.partitionDigests(0, 2);
      store.refineDigests(6);
      assertThat(store.partitionDigests(0, 6)).isEqualTo(computed(store, 6));
      assertThat(store.leafBits()).isEqualTo(6);
      assertThat(store.partitionDigests(0, 28)).isEqualTo(computed(store, 28));
    }
  }

  /// Begun, two pieces of work, the exchange, the flush: few calls, so that each of them is met.
  @Property(tries = 80)
  void aPowerLossAtAnyCallLeavesTheOldDigestsOrTheNew(
      @ForAll long seed, @ForAll @IntRange(min = 1, max = 8) int call) throws IOException {
    Machine before = Machine.fresh();
    try (LogDeviceStore store = before.open()) {
      fill(store, 0, 40);
    }
    LogDeviceStore store = before.open();
    fill(store, 30, 60);
    before.power.cutAt(before.power.calls() + call);
    boolean lost = refineUntilPowerLoss(store);
    Machine after = before.crash(CrashChoice.random(new Random(seed)));
    Machine.abandon(store);
    try (LogDeviceStore again = after.open()) {
      assertThat(again.leafBits()).isIn(lost ? List.of(4, 8) : List.of(8));
      Checks.isConsistent(again);
      again.refineDigests(10);
      assertThat(again.leafBits()).isEqualTo(10);
      Checks.isConsistent(again);
    }
  }

  private static boolean refineUntilPowerLoss(LogDeviceStore store) throws KeyValueFault {
    try {
      store.refineDigests(8);
      return !(store.status() instanceof DeviceStatus.Online);
    } catch (PowerLoss e) {
      return true;
    }
  }
}
