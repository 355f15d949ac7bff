package org.martlet.objectserver.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.martlet.common.device.DeviceIdentity;
import org.martlet.common.device.DeviceRefused;
import org.martlet.common.disk.CrashChoice;
import org.martlet.common.disk.DiskFile;
import org.martlet.common.disk.DiskInjection;
import org.martlet.common.disk.DiskOperation;
import org.martlet.common.disk.FaultyDisk.Fault;
import org.martlet.objectserver.store.FaultCounts.Kind;
import org.martlet.objectserver.store.FaultCounts.Operation;
import org.slf4j.LoggerFactory;

/// What operators see of each fault: how it is counted, and what the log says. The rows of the
/// table in `docs/durability.md`, Faults, that [DeviceFaultTest] does not have.
class FaultTableTest {
  private static final Predicate<Path> VOLUME = path -> path.toString().endsWith(".vol");
  private static final Predicate<Path> BLOB = path -> path.toString().contains("/blobs/");
  private static final byte[] BODY = Samples.body(1, 1000);

  private final Machine machine = Machine.fresh();
  private final ListAppender<ILoggingEvent> log = new ListAppender<>();
  private final Logger health = (Logger) LoggerFactory.getLogger(DeviceHealth.class);

  @BeforeEach
  void listen() {
    log.start();
    health.setLevel(Level.INFO);
    health.addAppender(log);
  }

  @AfterEach
  void stopListening() {
    health.detachAppender(log);
    health.setLevel(null);
  }

  private List<String> said() {
    return log.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
  }

  private static MutationOutcome put(DeviceStore store, int n) {
    return store.submit(Samples.put(n, 100, BODY)).join();
  }

  private static byte[] stored(DeviceStore store, int n) throws StoreFault {
    try (OpenObject object = store.open(Samples.key(n)).orElseThrow()) {
      return Samples.bodyOf(object, 10_000);
    }
  }

  @ParameterizedTest
  @CsvSource({"WRITE,WRITE", "FORCE,SYNC", "CREATE,WRITE"})
  void aFailureIsCountedAndTheLogSaysWhatWhereAndWhatToDo(
      DiskOperation operation, Operation counted) throws IOException {
    LogDeviceStore store = machine.open();
    machine.faults.inject(operation, VOLUME, Fault.IO_ERROR);
    assertThat(put(store, 1)).isInstanceOf(MutationOutcome.Unavailable.class);
    assertThat(store.lastStatus()).isInstanceOf(DeviceStatus.Offline.class);
    assertThat(store.faults().of(counted, Kind.FAILED)).isEqualTo(1);
    assertThat(said())
        .anySatisfy(
            line ->
                assertThat(line)
                    .contains("/srv/d1 goes offline", operation.verb(), ".vol", "dmesg", "again"));
    Machine.abandon(store);
  }

  @Test
  void aReadThatFailsIsCountedAndTheDeviceServesOn() throws IOException {
    try (LogDeviceStore store = machine.open()) {
      put(store, 1);
      Samples.putBlob(store, 2, 100, BODY);
      machine.faults.inject(DiskOperation.READ, VOLUME, Fault.IO_ERROR);
      assertThatThrownBy(() -> stored(store, 1)).isInstanceOf(StoreFault.class);
      machine.faults.inject(DiskOperation.OPEN, BLOB, Fault.IO_ERROR);
      assertThatThrownBy(() -> stored(store, 2))
          .isInstanceOf(StoreFault.class)
          .isNotInstanceOf(StoreFault.Damaged.class);
      assertThat(store.faults().of(Operation.READ, Kind.FAILED)).isEqualTo(1);
      assertThat(store.faults().of(Operation.OPEN, Kind.FAILED)).isEqualTo(1);
      assertThat(store.faults().quarantinedObjects()).isZero();
      assertThat(stored(store, 1)).isEqualTo(BODY);
      assertThat(stored(store, 2)).isEqualTo(BODY);
      assertThat(put(store, 3)).isInstanceOf(MutationOutcome.Stored.class);
    }
  }

  @Test
  void aFailureWhileOpeningRefusesTheDeviceAndTheNextAttemptServesIt() throws IOException {
    try (LogDeviceStore store = machine.open()) {
      put(store, 1);
    }
    machine.faults.inject(DiskOperation.OPEN, VOLUME, Fault.IO_ERROR);
    assertThatThrownBy(machine::open).isInstanceOf(IOException.class).hasMessageContaining(".vol");
    try (LogDeviceStore store = machine.open()) {
      assertThat(stored(store, 1)).isEqualTo(BODY);
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = DiskOperation.class,
      names = {"WRITE", "FORCE", "CREATE"})
  void noSpaceInTheMiddleOfACompactionCostsNothing(DiskOperation operation) throws IOException {
    try (LogDeviceStore store = machine.open(Machine.smallConfig())) {
      for (int n = 0; n < 40; n++) {
        assertThat(put(store, n)).isInstanceOf(MutationOutcome.Stored.class);
      }
      for (int n = 0; n < 40; n += 2) {
        store.submit(Samples.delete(n, 200)).join();
      }
      machine.faults.inject(operation, VOLUME, Fault.NO_SPACE);
      store.compact();
      machine.millis.addAndGet(1500);
      assertThat(store.status()).isInstanceOf(DeviceStatus.Online.class);
      Operation counted = operation == DiskOperation.FORCE ? Operation.SYNC : Operation.WRITE;
      assertThat(store.faults().of(counted, Kind.FULL)).isEqualTo(1);
      for (int n = 1; n < 40; n += 2) {
        assertThat(stored(store, n)).isEqualTo(BODY);
      }
      Checks.isConsistent(store);
      store.compact();
      assertThat(store.compaction().removedVolumes()).isPositive();
      Checks.isConsistent(store);
    }
    try (LogDeviceStore again = machine.withoutIndex().open(Machine.smallConfig())) {
      assertThat(again.recovery().damagedBytes()).isZero();
      assertThat(Everything.of(again)).hasSize(40);
      Checks.isConsistent(again);
    }
  }

  @Test
  void noSpaceForAFlushOfTheIndexIsCountedAndCostsNothing() throws IOException {
    FaultyKeyValues databases = new FaultyKeyValues(machine.databases);
    machine.initialise();
    StoreEnvironment usual = machine.environment(Machine.CLUSTER);
    LogDeviceStore store =
        LogDeviceStore.open(
            Machine.config(),
            new StoreEnvironment(
                usual.disk(),
                databases,
                usual.clock(),
                usual.ticker(),
                usual.random(),
                usual.clusterId(),
                usual.clusterSecret()));
    assertThat(put(store, 1)).isInstanceOf(MutationOutcome.Stored.class);
    databases.full.set(true);
    store.checkpoint();
    assertThat(store.faults().of(Operation.INDEX, Kind.FULL)).isPositive();
    assertThat(store.status()).isInstanceOf(DeviceStatus.Full.class);
    assertThat(stored(store, 1)).isEqualTo(BODY);
    assertThat(put(store, 2)).isInstanceOf(MutationOutcome.InsufficientStorage.class);
    databases.full.set(false);
    machine.millis.addAndGet(1500);
    assertThat(put(store, 3)).isInstanceOf(MutationOutcome.Stored.class);
    store.checkpoint();
    Machine after = machine.crash(CrashChoice.keepNothing());
    Machine.abandon(store);
    try (LogDeviceStore again = after.open()) {
      assertThat(stored(again, 1)).isEqualTo(BODY);
      assertThat(stored(again, 3)).isEqualTo(BODY);
      assertThat(again.lookup(Samples.key(2))).isEmpty();
    }
  }

  @Test
  void operatorsAreToldOnceThatADeviceHangsAndOnceThatItServesAgain() throws Exception {
    try (LogDeviceStore store = machine.open()) {
      put(store, 1);
      DiskInjection hang = machine.faults.inject(DiskOperation.FORCE, VOLUME, Fault.HANG);
      CompletableFuture<MutationOutcome> held = store.submit(Samples.put(2, 100, BODY));
      assertThat(hang.awaitHang()).isTrue();
      store.refuseOverdue();
      assertThat(said()).isEmpty();
      machine.millis.addAndGet(Duration.ofSeconds(60).toMillis());
      for (int i = 0; i < 5; i++) {
        store.refuseOverdue();
      }
      assertThat(store.lastStatus()).isInstanceOf(DeviceStatus.Hung.class);
      assertThat(said())
          .singleElement()
          .asString()
          .contains("/srv/d1 is hung", "507", "other devices go on", "dmesg");
      hang.release();
      assertThat(held.join()).isInstanceOf(MutationOutcome.Stored.class);
      store.refuseOverdue();
      store.refuseOverdue();
      assertThat(said()).hasSize(2).last().asString().contains("/srv/d1 serves again");
    }
  }

  @Test
  void operatorsAreToldThatADeviceIsFull() throws IOException {
    try (LogDeviceStore store = machine.open()) {
      machine.faults.inject(DiskOperation.WRITE, VOLUME, Fault.NO_SPACE);
      assertThat(put(store, 1)).isInstanceOf(MutationOutcome.InsufficientStorage.class);
      store.refuseOverdue();
      assertThat(said()).singleElement().asString().contains("/srv/d1 is full", "507");
      assertThat(store.faults().of(Operation.WRITE, Kind.FULL)).isEqualTo(1);
    }
  }

  @Test
  void damageIsCounted() throws IOException {
    try (LogDeviceStore store = machine.open()) {
      assertThat(Samples.putBlob(store, 1, 100, BODY)).isInstanceOf(MutationOutcome.Stored.class);
      Path blobs = Machine.ROOT.resolve("blobs");
      Path folder = blobs.resolve(machine.disk.list(blobs).getFirst());
      Path file = folder.resolve(machine.disk.list(folder).getFirst());
      try (DiskFile open = machine.disk.openForWrite(file)) {
        open.write(ByteBuffer.wrap(new byte[] {1, 2, 3}), 10);
      }
      assertThatThrownBy(() -> stored(store, 1)).isInstanceOf(StoreFault.class);
      assertThat(store.faults().quarantinedObjects()).isEqualTo(1);
    }
  }

  @Test
  void volumesOfAnotherDeviceAreNeitherServedNorChanged() throws IOException {
    try (LogDeviceStore store = machine.open()) {
      put(store, 1);
    }
    Path identity = Machine.ROOT.resolve("device.json");
    String mine = DeviceIdentity.read(machine.disk, Machine.ROOT, Machine.CLUSTER).device() + "";
    rewrite(identity, mine, UUID.randomUUID().toString());
    assertThatThrownBy(machine::open)
        .isInstanceOf(DeviceRefused.class)
        .hasMessageContaining("belongs to device " + mine);
    String other = DeviceIdentity.read(machine.disk, Machine.ROOT, Machine.CLUSTER).device() + "";
    rewrite(identity, other, mine);
    try (LogDeviceStore store = machine.open()) {
      assertThat(stored(store, 1)).isEqualTo(BODY);
      assertThat(store.recovery().indexRebuilt()).isFalse();
    }
  }

  private void rewrite(Path file, String what, String by) throws IOException {
    try (DiskFile open = machine.disk.openForWrite(file)) {
      ByteBuffer bytes = ByteBuffer.allocate((int) open.size());
      open.read(bytes, 0);
      String text = StandardCharsets.UTF_8.decode(bytes.flip()).toString();
      open.write(StandardCharsets.UTF_8.encode(text.replace(what, by)), 0);
    }
  }
}
