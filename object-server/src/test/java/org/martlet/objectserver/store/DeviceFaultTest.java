package org.martlet.objectserver.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.martlet.common.disk.CrashChoice;
import org.martlet.common.disk.DiskInjection;
import org.martlet.common.disk.DiskOperation;
import org.martlet.common.disk.FaultyDisk.Fault;
import org.martlet.common.disk.SpaceMarks;
import org.martlet.common.model.ByteSize;

/// A disk that fails, is full or hangs.
class DeviceFaultTest {
  private static final Predicate<Path> VOLUME = path -> path.toString().endsWith(".vol");
  private static final Predicate<Path> BLOB = path -> path.toString().contains("/blobs/");
  private static final byte[] BODY = Samples.body(1, 1000);

  private final Machine machine = Machine.fresh();

  private static MutationOutcome put(DeviceStore store, int n) {
    return store.submit(Samples.put(n, 100, BODY)).join();
  }

  private static byte[] stored(DeviceStore store, int n) throws StoreFault {
    try (OpenObject object = store.open(Samples.key(n)).orElseThrow()) {
      return Samples.bodyOf(object, 10_000);
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = DiskOperation.class,
      names = {"WRITE", "FORCE"})
  void aFailedWriteOrSyncIsNotAcknowledgedAndTakesTheDeviceOffline(DiskOperation operation)
      throws IOException {
    LogDeviceStore store = machine.open();
    assertThat(put(store, 1)).isInstanceOf(MutationOutcome.Stored.class);
    machine.faults.inject(operation, VOLUME, Fault.IO_ERROR);
    assertThat(put(store, 2)).isInstanceOf(MutationOutcome.Unavailable.class);
    assertThat(store.status()).isInstanceOf(DeviceStatus.Offline.class);
    assertThat(put(store, 3)).isInstanceOf(MutationOutcome.Unavailable.class);
    assertThat(store.refusal(0)).isPresent();
    assertThatThrownBy(() -> store.lookup(Samples.key(1))).isInstanceOf(StoreFault.class);
    store.close();
    try (LogDeviceStore again = machine.open()) {
      assertThat(stored(again, 1)).isEqualTo(BODY);
      assertThat(again.lookup(Samples.key(3))).isEmpty();
      Checks.isConsistent(again);
      assertThat(put(again, 4)).isInstanceOf(MutationOutcome.Stored.class);
    }
  }

  @Test
  void whatWasSeenAfterARestartSurvivesAPowerLossThoughItWasNeverAcknowledged() throws IOException {
    LogDeviceStore store = machine.open();
    assertThat(put(store, 1)).isInstanceOf(MutationOutcome.Stored.class);
    machine.faults.inject(DiskOperation.FORCE, VOLUME, Fault.IO_ERROR);
    assertThat(put(store, 2)).isInstanceOf(MutationOutcome.Unavailable.class);
    store.close();
    LogDeviceStore second = machine.open();
    assertThat(stored(second, 2)).isEqualTo(BODY);
    Machine after = machine.crash(CrashChoice.keepNothing());
    Machine.abandon(second);
    try (LogDeviceStore third = after.open()) {
      assertThat(stored(third, 2)).isEqualTo(BODY);
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = DiskOperation.class,
      names = {"WRITE", "FORCE", "CREATE"})
  void aFullDiskCostsTheGroupAndNothingElse(DiskOperation operation) throws IOException {
    try (LogDeviceStore store = machine.open(Machine.smallConfig())) {
      for (int n = 2; n < 8; n++) {
        assertThat(put(store, n)).isInstanceOf(MutationOutcome.Stored.class);
      }
      machine.faults.inject(operation, VOLUME, Fault.NO_SPACE);
      assertThat(put(store, 8)).isInstanceOf(MutationOutcome.InsufficientStorage.class);
      assertThat(store.status()).isInstanceOf(DeviceStatus.Full.class);
      assertThat(put(store, 9)).isInstanceOf(MutationOutcome.InsufficientStorage.class);
      assertThat(stored(store, 2)).isEqualTo(BODY);
      machine.millis.addAndGet(1500);
      assertThat(store.status()).isInstanceOf(DeviceStatus.Online.class);
      assertThat(put(store, 10)).isInstanceOf(MutationOutcome.Stored.class);
    }
    try (LogDeviceStore again = machine.withoutIndex().open(Machine.smallConfig())) {
      assertThat(again.recovery().damagedBytes()).isZero();
      assertThat(again.lookup(Samples.key(8))).isEmpty();
      assertThat(stored(again, 10)).isEqualTo(BODY);
      assertThat(Everything.of(again)).hasSize(7);
    }
  }

  @Test
  void whatWasRefusedForWantOfSpaceDoesNotComeBackAfterAPowerLoss() throws IOException {
    LogDeviceStore store = machine.open();
    assertThat(put(store, 1)).isInstanceOf(MutationOutcome.Stored.class);
    machine.faults.inject(DiskOperation.FORCE, VOLUME, Fault.NO_SPACE);
    assertThat(put(store, 2)).isInstanceOf(MutationOutcome.InsufficientStorage.class);
    for (int seed = 0; seed < 100; seed++) {
      Machine after = machine.crash(CrashChoice.random(new Random(seed)));
      try (LogDeviceStore again = after.open()) {
        assertThat(again.lookup(Samples.key(2))).as("seed %d", seed).isEmpty();
        assertThat(stored(again, 1)).isEqualTo(BODY);
      }
    }
    Machine.abandon(store);
  }

  @Test
  void takesBodiesAgainWhenSpaceReturns() throws IOException {
    try (LogDeviceStore store = machine.open()) {
      assertThat(put(store, 1)).isInstanceOf(MutationOutcome.Stored.class);
      machine.disk.capacity(4000);
      assertThat(put(store, 2)).isInstanceOf(MutationOutcome.Stored.class);
      assertThat(put(store, 3)).isInstanceOf(MutationOutcome.InsufficientStorage.class);
      machine.disk.capacity(1 << 20);
      machine.millis.addAndGet(1500);
      assertThat(put(store, 3)).isInstanceOf(MutationOutcome.Stored.class);
    }
  }

  @Test
  void belowTheReserveOnlyBodiesAreRefusedAndBelowTheHardOneEverything() throws IOException {
    DeviceStoreConfig usual = Machine.config();
    DeviceStoreConfig config =
        new DeviceStoreConfig(
            usual.root(),
            usual.inlineLimit(),
            usual.volumeLimit(),
            new SpaceMarks(5000, 1000),
            usual.queue(),
            usual.background(),
            usual.leafBits());
    machine.disk.capacity(20_000);
    try (LogDeviceStore store = machine.open(config)) {
      int n = 0;
      while (put(store, n) instanceof MutationOutcome.Stored) {
        n++;
        machine.millis.addAndGet(2000);
      }
      assertThat(store.status()).isInstanceOf(DeviceStatus.Online.class);
      long used = 20_000 - machine.disk.space(Machine.ROOT).usable();
      machine.disk.capacity(2 * used - 100);
      machine.millis.addAndGet(2000);
      assertThat(store.status()).isInstanceOf(DeviceStatus.LowSpace.class);
      assertThat(store.refusal(1)).contains(new MutationOutcome.InsufficientStorage());
      assertThat(store.refusal(0)).isEmpty();
      assertThatThrownBy(store::newBlob)
          .isInstanceOfSatisfying(
              StoreFault.class,
              e -> assertThat(e.refusal()).contains(new MutationOutcome.InsufficientStorage()));
      assertThat(store.submit(Samples.delete(0, 200)).join())
          .isInstanceOf(MutationOutcome.Stored.class);
      machine.disk.capacity(used + 500);
      machine.millis.addAndGet(2000);
      assertThat(store.submit(Samples.delete(1, 200)).join())
          .isInstanceOf(MutationOutcome.InsufficientStorage.class);
    }
  }

  @Test
  void aFullDiskStopsALargeBodyAndAFailedOneTheDevice() throws IOException {
    LogDeviceStore store = machine.open();
    machine.faults.inject(DiskOperation.WRITE, BLOB, Fault.NO_SPACE);
    try (BlobWriter writer = store.newBlob()) {
      assertThatThrownBy(() -> writer.write(ByteBuffer.wrap(BODY)))
          .isInstanceOfSatisfying(
              StoreFault.class,
              e -> assertThat(e.refusal()).contains(new MutationOutcome.InsufficientStorage()));
    }
    machine.millis.addAndGet(2000);
    machine.faults.inject(DiskOperation.FORCE, BLOB, Fault.IO_ERROR);
    try (BlobWriter writer = store.newBlob()) {
      writer.write(ByteBuffer.wrap(BODY));
      assertThatThrownBy(writer::finish).isInstanceOf(StoreFault.class);
    }
    assertThat(store.status()).isInstanceOf(DeviceStatus.Offline.class);
    store.close();
  }

  @Test
  void aSyncThatHangsIsReportedAndRefusesNewRequests() throws Exception {
    try (LogDeviceStore store = machine.open()) {
      DiskInjection hang = machine.faults.inject(DiskOperation.FORCE, VOLUME, Fault.HANG).atCall(2);
      CompletableFuture<MutationOutcome> first = store.submit(Samples.put(1, 100, BODY));
      assertThat(hang.awaitHang()).isTrue();
      assertThat(store.status()).isInstanceOf(DeviceStatus.Online.class);
      machine.millis.addAndGet(Duration.ofSeconds(11).toMillis());
      assertThat(store.status()).isInstanceOf(DeviceStatus.Hung.class);
      assertThat(put(store, 2)).isInstanceOf(MutationOutcome.Unavailable.class);
      assertThat(first).isNotDone();
      hang.release();
      assertThat(first.join()).isInstanceOf(MutationOutcome.Stored.class);
      assertThat(store.status()).isInstanceOf(DeviceStatus.Online.class);
      assertThat(put(store, 2)).isInstanceOf(MutationOutcome.Stored.class);
    }
  }

  @Test
  void theQueueIsBoundedInNumberAndInTime() throws Exception {
    DeviceStoreConfig usual = Machine.config();
    DeviceStoreConfig config =
        new DeviceStoreConfig(
            usual.root(),
            usual.inlineLimit(),
            usual.volumeLimit(),
            usual.space(),
            new DeviceStoreConfig.QueueLimits(
                3, ByteSize.ofMiB(1), Duration.ofSeconds(2), Duration.ofSeconds(10)),
            usual.background(),
            usual.leafBits());
    try (LogDeviceStore store = machine.open(config)) {
      DiskInjection hang = machine.faults.inject(DiskOperation.FORCE, VOLUME, Fault.HANG);
      CompletableFuture<MutationOutcome> first = store.submit(Samples.put(0, 100, BODY));
      assertThat(hang.awaitHang()).isTrue();
      List<CompletableFuture<MutationOutcome>> waiting = new ArrayList<>();
      for (int n = 1; n <= 3; n++) {
        waiting.add(store.submit(Samples.put(n, 100, BODY)));
      }
      assertThat(put(store, 4)).isEqualTo(new MutationOutcome.Busy());
      machine.millis.addAndGet(Duration.ofSeconds(3).toMillis());
      hang.release();
      assertThat(first.join()).isInstanceOf(MutationOutcome.Stored.class);
      assertThat(waiting).allMatch(w -> w.join().equals(new MutationOutcome.Busy()));
      assertThat(Everything.of(store)).hasSize(1);
    }
  }

  @Test
  void whatWaitsTooLongIsRefusedWhileTheSyncBeforeItStillHangs() throws Exception {
    try (LogDeviceStore store = machine.open()) {
      DiskInjection hang = machine.faults.inject(DiskOperation.FORCE, VOLUME, Fault.HANG);
      CompletableFuture<MutationOutcome> first = store.submit(Samples.put(0, 100, BODY));
      assertThat(hang.awaitHang()).isTrue();
      CompletableFuture<MutationOutcome> early = store.submit(Samples.put(1, 100, BODY));
      BlobWriter writer = store.newBlob();
      CompletableFuture<MutationOutcome> large =
          store.submit(
              new Mutation.Put(
                  Samples.record(2, 100, BODY),
                  Samples.blobIn(writer, BODY),
                  Precondition.NONE,
                  DueTargets.NONE));
      writer.close();
      machine.millis.addAndGet(Duration.ofSeconds(2).toMillis());
      CompletableFuture<MutationOutcome> late = store.submit(Samples.put(3, 100, BODY));
      store.refuseOverdue();
      assertThat(early).isNotDone();
      machine.millis.addAndGet(1);
      store.refuseOverdue();
      assertThat(early.getNow(null)).isEqualTo(new MutationOutcome.Busy());
      assertThat(large.getNow(null)).isEqualTo(new MutationOutcome.Busy());
      assertThat(late).isNotDone();
      hang.release();
      assertThat(first.join()).isInstanceOf(MutationOutcome.Stored.class);
      assertThat(late.join()).isInstanceOf(MutationOutcome.Stored.class);
      assertThat(put(store, 4)).isInstanceOf(MutationOutcome.Stored.class);
      assertThat(Everything.of(store)).hasSize(3);
    }
    try (LogDeviceStore again = machine.open()) {
      assertThat(again.recovery().sweptBlobs()).as("files left over").isZero();
    }
  }

  @Test
  void aSyncOfALargeBodyThatHangsIsReported() throws Exception {
    try (LogDeviceStore store = machine.open();
        BlobWriter writer = store.newBlob()) {
      DiskInjection hang = machine.faults.inject(DiskOperation.FORCE, BLOB, Fault.HANG);
      CompletableFuture<NewBody> body = finishElsewhere(writer);
      assertThat(hang.awaitHang()).isTrue();
      assertThat(store.status()).isInstanceOf(DeviceStatus.Online.class);
      machine.millis.addAndGet(Duration.ofSeconds(11).toMillis());
      assertThat(store.status()).isInstanceOf(DeviceStatus.Hung.class);
      hang.release();
      body.join();
      assertThat(store.status()).isInstanceOf(DeviceStatus.Online.class);
    }
  }

  private static CompletableFuture<NewBody> finishElsewhere(BlobWriter writer) {
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            return writer.finish();
          } catch (StoreFault e) {
            throw new AssertionError(e);
          }
        });
  }

  @Test
  void aRemovalOfAFileThatHangsIsReported() throws Exception {
    try (LogDeviceStore store = machine.open()) {
      assertThat(Samples.putBlob(store, 1, 100, BODY)).isInstanceOf(MutationOutcome.Stored.class);
      DiskInjection hang = machine.faults.inject(DiskOperation.DELETE, BLOB, Fault.HANG);
      assertThat(store.submit(Samples.delete(1, 200)).join())
          .isInstanceOf(MutationOutcome.Stored.class);
      assertThat(hang.awaitHang()).isTrue();
      machine.millis.addAndGet(Duration.ofSeconds(11).toMillis());
      assertThat(store.status()).isInstanceOf(DeviceStatus.Hung.class);
      hang.release();
    }
  }

  @Test
  void stepsOfTheWallClockNeitherRefuseNorReportAnything() throws Exception {
    try (LogDeviceStore store = machine.open()) {
      DiskInjection hang = machine.faults.inject(DiskOperation.FORCE, VOLUME, Fault.HANG);
      CompletableFuture<MutationOutcome> first = store.submit(Samples.put(0, 100, BODY));
      assertThat(hang.awaitHang()).isTrue();
      CompletableFuture<MutationOutcome> waiting = store.submit(Samples.put(1, 100, BODY));
      machine.stepWallClock(Duration.ofHours(1));
      store.refuseOverdue();
      assertThat(waiting).isNotDone();
      assertThat(store.status()).isInstanceOf(DeviceStatus.Online.class);
      machine.stepWallClock(Duration.ofHours(-2));
      machine.millis.addAndGet(Duration.ofSeconds(11).toMillis());
      assertThat(store.status()).isInstanceOf(DeviceStatus.Hung.class);
      hang.release();
      assertThat(first.join()).isInstanceOf(MutationOutcome.Stored.class);
    }
  }

  @Test
  void aReadThatFailsIsNoReasonToQuarantine() throws IOException {
    try (LogDeviceStore store = machine.open()) {
      put(store, 1);
      machine.faults.inject(DiskOperation.READ, VOLUME, Fault.IO_ERROR);
      assertThatThrownBy(() -> store.open(Samples.key(1)))
          .isInstanceOf(StoreFault.class)
          .isNotInstanceOf(StoreFault.Damaged.class);
      assertThat(stored(store, 1)).isEqualTo(BODY);
      assertThat(store.dueMarks(Optional.empty(), 1)).isEmpty();
    }
  }

  private LogDeviceStore open(FaultyKeyValues databases) throws IOException {
    machine.initialise();
    return LogDeviceStore.open(Machine.config(), machine.environment(Machine.CLUSTER, databases));
  }

  @Test
  void anIndexFoundDamagedInUseTakesTheDeviceOfflineAndIsRebuiltAtTheNextStart()
      throws IOException {
    FaultyKeyValues databases = new FaultyKeyValues(machine.databases);
    try (LogDeviceStore store = open(databases)) {
      assertThat(put(store, 1)).isInstanceOf(MutationOutcome.Stored.class);
      databases.damagedReads.set(1);
      assertThatThrownBy(() -> store.lookup(Samples.key(1))).isInstanceOf(StoreFault.class);
      assertThat(store.status()).isInstanceOf(DeviceStatus.Offline.class);
      assertThat(put(store, 2)).isInstanceOf(MutationOutcome.Unavailable.class);
    }
    try (LogDeviceStore store = open(databases)) {
      assertThat(store.recovery().indexRebuilt()).isTrue();
      assertThat(stored(store, 1)).isEqualTo(BODY);
      Checks.isConsistent(store);
    }
    try (LogDeviceStore store = open(databases)) {
      assertThat(store.recovery().indexRebuilt()).as("only once").isFalse();
    }
  }

  @Test
  void theMarkOfADamagedIndexSurvivesAPowerLoss() throws IOException {
    FaultyKeyValues databases = new FaultyKeyValues(machine.databases);
    LogDeviceStore store = open(databases);
    assertThat(put(store, 1)).isInstanceOf(MutationOutcome.Stored.class);
    databases.damagedReads.set(1);
    assertThatThrownBy(() -> store.lookup(Samples.key(1))).isInstanceOf(StoreFault.class);
    Machine after = machine.crash(CrashChoice.keepNothing());
    Machine.abandon(store);
    try (LogDeviceStore again = after.open()) {
      assertThat(again.recovery().indexRebuilt()).isTrue();
      assertThat(stored(again, 1)).isEqualTo(BODY);
    }
  }

  @Test
  void anIndexFoundDamagedWhileOpeningIsRebuiltAtOnce() throws IOException {
    FaultyKeyValues databases = new FaultyKeyValues(machine.databases);
    try (LogDeviceStore store = open(databases)) {
      assertThat(put(store, 1)).isInstanceOf(MutationOutcome.Stored.class);
    }
    databases.damagedReads.set(1);
    try (LogDeviceStore store = open(databases)) {
      assertThat(store.recovery().indexRebuilt()).isTrue();
      assertThat(stored(store, 1)).isEqualTo(BODY);
    }
  }

  @Test
  void damageThatTheCommitterFindsLeavesNobodyWaiting() throws IOException {
    FaultyKeyValues databases = new FaultyKeyValues(machine.databases);
    try (LogDeviceStore store = open(databases)) {
      DueMark mark = new DueMark(Samples.key(1), 0, 1);
      databases.damagedReads.set(1);
      assertThat(store.clear(mark).join()).isFalse();
      assertThat(store.status()).isInstanceOf(DeviceStatus.Offline.class);
      assertThat(put(store, 1)).isInstanceOf(MutationOutcome.Unavailable.class);
    }
    try (LogDeviceStore store = open(databases)) {
      assertThat(store.recovery().indexRebuilt()).isTrue();
    }
  }

  @Test
  void whatIsThrownWhileCommittingTakesTheDeviceOfflineAndLeavesNobodyWaiting() throws IOException {
    try (LogDeviceStore store = machine.open()) {
      Mutation broken =
          new Mutation.Put(
              Samples.record(1, 100, BODY),
              Samples.inline(BODY),
              current -> {
                throw new IllegalStateException("a precondition fails");
              },
              DueTargets.NONE);
      assertThat(store.submit(broken).join()).isInstanceOf(MutationOutcome.Unavailable.class);
      assertThat(store.status()).isInstanceOf(DeviceStatus.Offline.class);
      assertThat(store.clear(new DueMark(Samples.key(1), 0, 1)).join()).isFalse();
    }
  }

  @Test
  void anIndexWithoutSpaceHoldsTheGroupUntilThereIsSome() throws Exception {
    FaultyKeyValues databases = new FaultyKeyValues(machine.databases);
    try (LogDeviceStore store = open(databases)) {
      databases.full.set(true);
      CompletableFuture<MutationOutcome> held = store.submit(Samples.put(1, 100, BODY));
      assertThat(databases.refusedTwice.await(10, TimeUnit.SECONDS)).isTrue();
      assertThat(held).isNotDone();
      assertThat(store.status()).isInstanceOf(DeviceStatus.Full.class);
      machine.millis.addAndGet(Duration.ofSeconds(60).toMillis());
      awaitFull(store);
      assertThat(store.lookup(Samples.key(1))).isEmpty();
      assertThat(put(store, 3)).isInstanceOf(MutationOutcome.InsufficientStorage.class);
      databases.full.set(false);
      assertThat(held.join()).isInstanceOf(MutationOutcome.Stored.class);
      machine.millis.addAndGet(1500);
      assertThat(put(store, 2)).isInstanceOf(MutationOutcome.Stored.class);
      Checks.isConsistent(store);
    }
  }

  /// An attempt that was under way when time went on may count as hung until it returns.
  private static void awaitFull(DeviceStore store) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
    while (!(store.status() instanceof DeviceStatus.Full)) {
      assertThat(System.nanoTime()).as("not full but %s", store.status()).isLessThan(end);
      Thread.onSpinWait();
    }
  }

  @Test
  void aBodyThatDoesNotFitAboveTheReserveIsRefusedBeforeItBegins() throws IOException {
    machine.disk.capacity(100_000);
    try (LogDeviceStore store = machine.open()) {
      assertThat(store.refusal(90_000)).isEmpty();
      assertThat(store.refusal(110_000)).contains(new MutationOutcome.InsufficientStorage());
    }
  }
}
