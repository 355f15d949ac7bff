package org.martlet.objectserver.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.martlet.common.disk.CrashChoice;
import org.martlet.common.disk.PowerSwitch;

/// The log and the index of one device from different times, as an operator may put them together
/// from backups: the log is the truth.
class MixedStatesTest {
  private static final byte[] BODY = Samples.body(1, 2000);

  private final Machine machine = Machine.fresh();

  private static void put(DeviceStore store, int n, long ticks) {
    assertThat(store.submit(Samples.put(n, ticks, BODY)).join())
        .isInstanceOf(MutationOutcome.Stored.class);
  }

  /// A machine with the log of one moment and the index of another.
  private static Machine mixed(Machine log, Machine index) {
    PowerSwitch power = new PowerSwitch();
    CrashChoice all = CrashChoice.keepEverything();
    return Machine.of(power, log.disk.crash(all, power), index.databases.crash(all, power), 5);
  }

  @Test
  void anIndexThatIsAheadOfTheLogIsMadeAnew() throws IOException {
    try (LogDeviceStore store = machine.open(Machine.smallConfig())) {
      put(store, 1, 10);
      Machine earlier = machine.asAfter(CrashChoice.keepNothing());
      put(store, 2, 10);
      put(store, 1, 20);
      store.checkpoint();
      try (LogDeviceStore restored = mixed(earlier, machine).open(Machine.smallConfig())) {
        assertThat(restored.recovery().indexRebuilt()).isTrue();
        assertThat(restored.lookup(Samples.key(2))).isEmpty();
        assertThat(restored.lookup(Samples.key(1)).orElseThrow().clocks().data())
            .isEqualTo(Samples.at(10));
        Checks.isConsistent(restored);
      }
    }
  }

  @Test
  void anIndexThatRefersToRemovedVolumesIsMadeAnew() throws IOException {
    try (LogDeviceStore store = machine.open(Machine.smallConfig())) {
      for (int n = 0; n < 8; n++) {
        put(store, n, 10);
      }
      store.checkpoint();
      Machine earlier = machine.asAfter(CrashChoice.keepNothing());
      for (int n = 0; n < 8; n++) {
        put(store, n, 20);
      }
      store.compact();
      assertThat(store.compaction().removedVolumes()).isPositive();
      try (LogDeviceStore restored = mixed(machine, earlier).open(Machine.smallConfig())) {
        assertThat(restored.recovery().indexRebuilt()).isTrue();
        assertThat(restored.lookup(Samples.key(7)).orElseThrow().clocks().data())
            .isEqualTo(Samples.at(20));
        Checks.isConsistent(restored);
      }
    }
  }

  @Test
  void anIndexThatIsBehindTheLogIsBroughtUpToIt() throws IOException {
    try (LogDeviceStore store = machine.open(Machine.smallConfig())) {
      put(store, 1, 10);
      store.checkpoint();
      Machine earlier = machine.asAfter(CrashChoice.keepNothing());
      put(store, 2, 10);
      put(store, 1, 20);
      try (LogDeviceStore restored = mixed(machine, earlier).open(Machine.smallConfig())) {
        assertThat(restored.recovery().indexRebuilt()).isFalse();
        assertThat(restored.recovery().records()).isEqualTo(2);
        assertThat(restored.lookup(Samples.key(1)).orElseThrow().clocks().data())
            .isEqualTo(Samples.at(20));
        Checks.isConsistent(restored);
      }
    }
  }
}
