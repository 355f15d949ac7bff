package org.martlet.objectserver.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.SortedMap;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.martlet.common.disk.CrashChoice;
import org.martlet.common.disk.PowerLoss;
import org.martlet.objectserver.state.ObjectKey;

/// The power goes at any call, and any mixture of what was not synced survives. Then what was
/// acknowledged is there, byte for byte; what was not is there whole or not at all; nothing else
/// is.
///
/// A failing run names its seed; `-Dcrash.seed=` runs that one alone, `-Dcrash.runs=` more of them.
class DeviceStoreCrashSimTest {
  private static final int ROUNDS = 4;
  private static final int RUNS = Integer.getInteger("crash.runs", 40);
  private static final long ONLY = Long.getLong("crash.seed", -1);

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void whatWasAcknowledgedSurvivesAnyPowerLoss(long group) throws IOException {
    int removedVolumes = 0;
    int forgotten = 0;
    for (long run = 0; run < RUNS; run++) {
      long seed = group * 1_000_000 + run;
      if (ONLY >= 0 && ONLY != seed) {
        continue;
      }
      Run one = new Run(new Random(seed));
      try {
        one.go();
      } catch (AssertionError | RuntimeException | IOException e) {
        throw new AssertionError("-Dcrash.seed=" + seed + ": " + e.getMessage(), e);
      }
      removedVolumes += one.removedVolumes;
      forgotten += one.forgotten;
    }
    assertThat(ONLY >= 0 || removedVolumes > RUNS).as("removed " + removedVolumes).isTrue();
    assertThat(ONLY >= 0 || forgotten > 4 * RUNS).as("forgotten " + forgotten).isTrue();
  }

  /// A mutation that was submitted, and what became of it.
  private record Submitted(Mutation mutation, CompletableFuture<MutationOutcome> outcome) {}

  /// One life of a device with several power losses.
  private static final class Run {
    private final Random random;
    private Machine machine = Machine.fresh();
    private final Reference reference = new Reference();
    private int removedVolumes;
    private int forgotten;

    Run(Random random) {
      this.random = random;
    }

    void go() throws IOException {
      for (int round = 0; round < ROUNDS; round++) {
        machine.power.cutAt(machine.power.calls() + 1 + random.nextInt(250));
        List<Submitted> submitted = new ArrayList<>();
        live(submitted);
        machine = machine.crash(CrashChoice.random(random));
        if (random.nextInt(4) == 0) {
          machine = machine.withoutIndex();
        }
        Map<String, SortedMap<byte[], byte[]>> survived = CrashState.index(machine.databases);
        LogDeviceStore store = machine.open(Machine.smallConfig());
        CrashInvariants.whatSurvivedIsUsed(store.recovery(), survived);
        checkAndLearn(store, submitted);
        Checks.holdsExactly(store, reference);
        CrashInvariants.noOrphanBlobSurvives(machine);
        Machine.abandon(store);
      }
    }

    /// Does things until the power goes.
    private void live(List<Submitted> submitted) throws IOException {
      LogDeviceStore store;
      try {
        store = machine.open(Machine.smallConfig());
      } catch (PowerLoss e) {
        return;
      }
      try {
        for (int i = 0; i < 200 && !machine.power.isCut(); i++) {
          act(store, submitted);
        }
      } catch (PowerLoss | StoreFault e) {
        assertThat(machine.power.isCut()).isTrue();
      } finally {
        machine.power.cut();
        Machine.abandon(store);
        removedVolumes += (int) store.compaction().removedVolumes();
      }
    }

    private void act(LogDeviceStore store, List<Submitted> submitted) throws IOException {
      if (random.nextInt(8) == 0) {
        store.compact();
        return;
      }
      if (random.nextInt(20) == 0) {
        store.checkpoint();
        return;
      }
      int size = random.nextInt(5) == 0 ? 3001 + random.nextInt(100_000) : random.nextInt(2500);
      Operation operation =
          new Operation(
              kind(),
              // Some are seldom changed, so that old volumes stay.
              random.nextInt(2) == 0 ? random.nextInt(5) : random.nextInt(24),
              1 + random.nextInt(200),
              size,
              random.nextInt(4));
      Mutation mutation = operation.mutation(store).orElseThrow();
      submitted.add(new Submitted(mutation, store.submit(mutation)));
      if (random.nextInt(3) == 0 || mutation instanceof Mutation.Forget) {
        submitted.forEach(s -> s.outcome().join());
      }
    }

    /// Things are forgotten often, so that gone records meet compaction.
    private Operation.Kind kind() {
      Operation.Kind[] kinds = Operation.Kind.values();
      return random.nextInt(5) == 0 ? Operation.Kind.FORGET : kinds[random.nextInt(kinds.length)];
    }

    /// Each object must be as after all acknowledged mutations and any of the others, in order.
    private void checkAndLearn(DeviceStore store, List<Submitted> submitted) throws IOException {
      Map<ObjectKey, List<Submitted>> byKey = new HashMap<>();
      submitted.forEach(
          s -> byKey.computeIfAbsent(s.mutation().key(), k -> new ArrayList<>()).add(s));
      Map<ObjectKey, Long> due = Checks.dueMasks(store);
      for (Map.Entry<ObjectKey, List<Submitted>> object : byKey.entrySet()) {
        ObjectKey key = object.getKey();
        Optional<Reference.Held> found =
            store.read(key).map(o -> new Reference.Held(o.record(), due.getOrDefault(key, 0L)));
        assertThat(found).isIn(allowed(key, object.getValue()));
        reference.set(key, found);
      }
    }

    private Set<Optional<Reference.Held>> allowed(ObjectKey key, List<Submitted> submitted) {
      Set<Optional<Reference.Held>> states = new HashSet<>(Set.of(reference.get(key)));
      for (Submitted s : submitted) {
        MutationOutcome outcome = s.outcome().join();
        forgotten += outcome instanceof MutationOutcome.Forgotten ? 1 : 0;
        boolean unknown = outcome instanceof MutationOutcome.Unavailable;
        Set<Optional<Reference.Held>> next = new HashSet<>(unknown ? states : Set.of());
        for (Optional<Reference.Held> state : states) {
          Reference one = new Reference();
          one.set(key, state);
          Class<? extends MutationOutcome> expected = one.apply(s.mutation());
          if (unknown || expected.isInstance(outcome)) {
            next.add(one.get(key));
          } else if (outcome instanceof MutationOutcome.PreconditionFailed) {
            next.add(state);
          }
        }
        states = next;
      }
      return states;
    }
  }
}
