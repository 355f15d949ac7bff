package org.martlet.objectserver.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.martlet.common.disk.CrashChoice;
import org.martlet.objectserver.state.ObjectKey;

/// All short sequences of operations, from a fresh device and from some with a history; the power
/// goes before every disk call of the last operation and after it, and in the recovery from that
/// before every disk call again. Every choice that [CrashState#of] knows of what the loss leaves is
/// opened, and all of [CrashInvariants] must hold.
///
/// A failure names its case, `letters @ call / choice`; `-Dcrash.case=…` runs that one alone.
/// `-Dcrash.length=3` tries sequences of three operations after each history (hours); 2 after each
/// takes minutes.
class EveryCrashPointTest {
  /// Histories, as letters of [SteppedDevice]: what a device has behind it.
  private static final List<String> HISTORIES =
      List.of(
          "", // nothing
          "PRORG", // body and metadata in different volumes, both of them mostly garbage
          "LRDRG", // a tombstone over a blob, in a volume that is mostly garbage
          "PRFRG", // a drop that an older volume makes necessary
          "PRDFRGC", // a purge, likewise; all of it in the durable index
          "LRXRG", // a quarantine, likewise
          "PRGFRG", // an object and its drop, in two volumes that are both garbage
          "PRPRGKFRG", // an overwrite, moved, then dropped, all of it garbage but the first
          "LOTRG", // a torn record behind what stays in use, and then garbage
          "QERG", // a record that was not synced and is kept
          "PSQSRG"); // several epochs
  private static final int LENGTH = Integer.getInteger("crash.length", 0);
  private static final String ONLY = System.getProperty("crash.case", "");

  private final Set<String> seen = ConcurrentHashMap.newKeySet();
  private final AtomicInteger sequences = new AtomicInteger();
  private final AtomicInteger checked = new AtomicInteger();

  @Test
  void whatEveryInvariantSaysHoldsAfterAPowerLossAtAnyDiskCall(TestReporter reporter)
      throws Exception {
    try (ExecutorService workers = Executors.newFixedThreadPool(2)) {
      List<Future<?>> running = new ArrayList<>();
      for (String history : HISTORIES) {
        int length = LENGTH > 0 ? LENGTH : history.isEmpty() ? 2 : 1;
        sequences(history, length)
            .forEach(letters -> running.add(workers.submit(() -> explore(letters))));
      }
      try {
        for (Future<?> one : running) {
          one.get();
        }
      } catch (ExecutionException e) {
        workers.shutdownNow();
        throw new AssertionError(e.getCause().getMessage(), e.getCause());
      }
    }
    assertThat(checked).hasPositiveValue();
    reporter.publishEntry("sequences", sequences.toString());
    reporter.publishEntry("states", checked.toString());
  }

  private static List<String> sequences(String history, int length) {
    List<String> all = new ArrayList<>(List.of(history));
    for (int first = 0, i = 0; i < length; i++) {
      int end = all.size();
      for (; first < end; first++) {
        for (char letter : SteppedDevice.LETTERS.toCharArray()) {
          all.add(all.get(first) + letter);
        }
      }
    }
    return all;
  }

  /// Loses the power at every call of the last operation; of the first opening where there is none.
  private Void explore(String letters) throws IOException {
    if (!ONLY.isEmpty() && !ONLY.startsWith(letters + "@")) {
      return null;
    }
    List<CrashState> states = new ArrayList<>();
    AtomicInteger calls = new AtomicInteger();
    Runnable[] look = {() -> {}};
    try (SteppedDevice device = new SteppedDevice(() -> look[0].run())) {
      Runnable atCall =
          () -> add(device.machine(), letters + "@" + calls.getAndIncrement(), device, states);
      if (letters.isEmpty()) {
        look[0] = atCall;
      }
      device.open();
      for (int i = 0; i < letters.length(); i++) {
        if (!device.isUseful(letters.charAt(i))) {
          return null;
        }
        if (i == letters.length() - 1) {
          look[0] = atCall;
        }
        device.step(letters.charAt(i));
        CrashInvariants.noOrphanBlobSurvives(device.machine());
      }
      atCall.run();
    }
    sequences.incrementAndGet();
    for (CrashState state : states) {
      check(state, true);
    }
    return null;
  }

  private void add(Machine machine, String name, SteppedDevice device, List<CrashState> states) {
    add(CrashState.of(machine, name, device.allowed()), states);
  }

  private void add(List<CrashState> found, List<CrashState> to) {
    found.stream()
        .filter(state -> seen.add(state.fingerprint()) || !ONLY.isEmpty())
        .forEach(to::add);
  }

  private static boolean isWanted(String name) {
    return ONLY.isEmpty() || ONLY.startsWith(name) || name.startsWith(ONLY);
  }

  private void check(CrashState state, boolean withRecovery) {
    if (!isWanted(state.name())) {
      return;
    }
    List<CrashState> inRecovery;
    try {
      inRecovery = verify(state, withRecovery);
    } catch (AssertionError | RuntimeException | IOException e) {
      throw new AssertionError("-Dcrash.case='" + state.name() + "': " + e.getMessage(), e);
    }
    checked.incrementAndGet();
    inRecovery.forEach(next -> check(next, false));
  }

  /// Opens a state and holds it to every invariant.
  ///
  /// @return the states that a power loss during the opening may leave
  private List<CrashState> verify(CrashState state, boolean withRecovery) throws IOException {
    Machine machine = state.boot(7);
    Map<String, SortedMap<byte[], byte[]>> survived = CrashState.index(machine.databases);
    List<CrashState> inRecovery = new ArrayList<>();
    if (withRecovery) {
      AtomicInteger calls = new AtomicInteger();
      machine.power.beforeEachCall(
          () -> {
            String name = state.name() + "@" + calls.getAndIncrement();
            inRecovery.addAll(CrashState.of(machine, name, List.of()));
          });
    }
    LogDeviceStore store = machine.open(SteppedDevice.config());
    machine.power.beforeEachCall(() -> {});
    Map<ObjectKey, Reference.Held> found;
    Machine again;
    try {
      found = CrashInvariants.found(store);
      CrashInvariants.acknowledgedIsDurable(found, state.allowed());
      CrashInvariants.unacknowledgedIsWholeOrAbsent(found, state.allowed());
      CrashInvariants.nothingResurrects(found, state.allowed());
      CrashInvariants.whatSurvivedIsUsed(store.recovery(), survived);
      CrashInvariants.noOrphanBlobSurvives(machine);
      isConsistent(store);
      again = machine.asAfter(CrashChoice.keepNothing());
    } finally {
      store.close();
    }
    verifyAgain(again, found);
    List<Reference> exactly = List.of(Reference.of(found));
    List<CrashState> next = new ArrayList<>();
    add(inRecovery.stream().map(left -> left.allowing(exactly)).toList(), next);
    return next;
  }

  /// Opens the device once more, goes on with it, and then makes its index anew.
  private static void verifyAgain(Machine machine, Map<ObjectKey, Reference.Held> found)
      throws IOException {
    LogDeviceStore store = machine.open(SteppedDevice.config());
    Map<String, SortedMap<byte[], byte[]>> kept;
    Reference more = Reference.of(found);
    Machine again;
    try {
      CrashInvariants.replayIsIdempotent(found, CrashInvariants.found(store));
      CrashInvariants.noOrphanBlobSurvives(machine);
      Mutation put = Samples.put(100, 1000, Samples.body(1, 50));
      assertThat(store.submit(put).join()).as("the device goes on").isInstanceOf(more.apply(put));
      kept = CrashState.index(machine.databases);
      again = machine.asAfter(CrashChoice.keepNothing()).withoutIndex();
    } finally {
      store.close();
    }
    LogDeviceStore rebuilt = again.open(SteppedDevice.config());
    try {
      CrashInvariants.acknowledgedIsDurable(CrashInvariants.found(rebuilt), List.of(more));
      CrashInvariants.nothingResurrects(CrashInvariants.found(rebuilt), List.of(more));
      CrashInvariants.rebuiltIndexEqualsTheIndex(kept, CrashState.index(again.databases));
      isConsistent(rebuilt);
    } finally {
      rebuilt.close();
    }
  }

  private static void isConsistent(LogDeviceStore store) throws StoreFault {
    CrashInvariants.bodiesAreWhatTheirRecordsSay(store);
    CrashInvariants.countsEqualARecomputation(store);
    CrashInvariants.digestsEqualARecomputation(store);
    CrashInvariants.liveBytesEqualARecomputation(store);
  }
}
