package org.martlet.objectserver.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import org.martlet.common.disk.CrashChoice;

/// Whatever is done to a store, and however it is restarted in between, it answers and holds what
/// the reference does.
class DeviceStoreModelTest {
  /// An operation, or with `restart` set, what is done before it.
  record Step(Restart restart, Operation operation) {}

  enum Restart {
    NONE,
    CLEAN,
    KILL,
    POWER_LOSS,
    INDEX_LOST,
    CHECKPOINT,
    COMPACTION
  }

  @Property(tries = 250)
  void answersAndHoldsWhatTheReferenceDoes(@ForAll("steps") List<Step> steps) throws IOException {
    Machine machine = Machine.fresh();
    LogDeviceStore store = machine.open(Machine.smallConfig());
    Reference reference = new Reference();
    for (Step step : steps) {
      if (step.restart() == Restart.COMPACTION) {
        store.compact();
        Checks.holdsExactly(store, reference);
      } else if (step.restart() == Restart.CHECKPOINT) {
        store.checkpoint();
      } else if (step.restart() != Restart.NONE) {
        machine = stop(store, machine, step.restart());
        Map<String, SortedMap<byte[], byte[]>> survived = CrashState.index(machine.databases);
        store = machine.open(Machine.smallConfig());
        CrashInvariants.whatSurvivedIsUsed(store.recovery(), survived);
        Checks.holdsExactly(store, reference);
      }
      Mutation mutation = step.operation().mutation(store).orElseThrow();
      MutationOutcome outcome = store.submit(mutation).join();
      assertThat(outcome).isInstanceOf(reference.apply(mutation));
    }
    Checks.holdsExactly(store, reference);
    store.close();
  }

  private static Machine stop(LogDeviceStore store, Machine machine, Restart how) {
    return switch (how) {
      case NONE, CHECKPOINT, COMPACTION -> machine;
      case CLEAN -> {
        store.close();
        yield machine;
      }
      case KILL -> {
        Machine next = machine.crash(CrashChoice.keepEverything());
        Machine.abandon(store);
        yield next;
      }
      case POWER_LOSS -> {
        Machine next = machine.crash(CrashChoice.keepNothing());
        Machine.abandon(store);
        yield next;
      }
      case INDEX_LOST -> {
        store.close();
        yield machine.withoutIndex();
      }
    };
  }

  @Provide
  Arbitrary<List<Step>> steps() {
    Arbitrary<Integer> size =
        Arbitraries.frequencyOf(
            Tuple.of(6, Arbitraries.integers().between(0, 2500)),
            Tuple.of(1, Arbitraries.integers().between(3001, 150_000)));
    Arbitrary<Operation> operation =
        Combinators.combine(
                Arbitraries.frequencyOf(
                    Tuple.of(3, Arbitraries.of(Operation.Kind.class)),
                    Tuple.of(1, Arbitraries.just(Operation.Kind.FORGET))),
                Arbitraries.integers().between(0, 9),
                Arbitraries.integers().between(1, 30),
                size,
                Arbitraries.of(0, 0, 1, 4, 5))
            .as(Operation::new);
    Arbitrary<Restart> restart =
        Arbitraries.frequency(
            Tuple.of(26, Restart.NONE),
            Tuple.of(1, Restart.CLEAN),
            Tuple.of(1, Restart.KILL),
            Tuple.of(1, Restart.POWER_LOSS),
            Tuple.of(2, Restart.INDEX_LOST),
            Tuple.of(1, Restart.CHECKPOINT),
            Tuple.of(5, Restart.COMPACTION));
    return Combinators.combine(restart, operation).as(Step::new).list().ofMaxSize(100);
  }
}
