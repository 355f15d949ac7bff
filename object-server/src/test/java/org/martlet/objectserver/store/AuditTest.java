package org.martlet.objectserver.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.martlet.common.disk.DiskOperation;
import org.martlet.common.disk.FaultyDisk.Fault;
import org.martlet.common.kv.KeyRange;
import org.martlet.common.kv.KeyValueBatch;
import org.martlet.common.kv.KeyValueCursor;
import org.martlet.common.kv.KeyValueFamily;
import org.martlet.common.kv.KeyValueStore;
import org.martlet.common.kv.WriteMode;
import org.martlet.objectserver.index.ObjectIndex;

/// Rot is found where nobody reads, and an index that contradicts itself is reported.
class AuditTest {
  private static final byte[] BODY = Samples.body(1, 2000);
  private static final byte[] LARGE = Samples.body(2, 300_000);
  private static final Predicate<Path> VOLUME = path -> path.toString().endsWith(".vol");
  private static final Predicate<Path> BLOB = path -> path.toString().contains("/blobs/");

  private final Machine machine = Machine.fresh();

  private LogDeviceStore filled() throws IOException {
    LogDeviceStore store = machine.open(Machine.smallConfig());
    for (int n = 0; n < 10; n++) {
      assertThat(store.submit(Samples.put(n, 11, BODY)).join())
          .isInstanceOf(MutationOutcome.Stored.class);
    }
    assertThat(store.submit(Samples.delete(9, 20)).join())
        .isInstanceOf(MutationOutcome.Stored.class);
    assertThat(Samples.putBlob(store, 10, 10, LARGE)).isInstanceOf(MutationOutcome.Stored.class);
    assertThat(Samples.putBlob(store, 11, 10, LARGE)).isInstanceOf(MutationOutcome.Stored.class);
    return store;
  }

  private Path first(Predicate<Path> which) {
    return machine.files(which).getFirst();
  }

  @Test
  void whatIsWholeIsVerifiedAndLeftAlone() throws IOException {
    try (LogDeviceStore store = filled()) {
      store.audit();
      AuditReport report = store.auditReport();
      assertThat(report.alarms()).isEmpty();
      assertThat(report.damagedSinceOpen()).isZero();
      assertThat(report.progress().passes()).isEqualTo(1);
      assertThat(report.progress().finishedMillis()).isEqualTo(machine.millis.get());
      assertThat(Everything.of(store)).hasSize(12);
    }
  }

  @Test
  void anyFlippedBitOfARecordInUseIsFound() throws IOException {
    try (LogDeviceStore store = filled()) {
      machine.flip(first(VOLUME), 1024 + 700);
      store.audit();
      assertThat(store.auditReport().damagedSinceOpen()).isEqualTo(1);
      assertThat(store.lookup(Samples.key(0))).isEmpty();
      assertThat(store.lookup(Samples.key(1))).isPresent();
      Checks.isConsistent(store);
    }
  }

  @Test
  void aRecordWhoseHeaderIsDamagedIsFoundThroughTheIndex() throws IOException {
    try (LogDeviceStore store = filled()) {
      machine.flip(first(VOLUME), 1024 + 20);
      store.audit();
      assertThat(store.auditReport().damagedSinceOpen()).isEqualTo(1);
      assertThat(store.lookup(Samples.key(0))).isEmpty();
      Checks.isConsistent(store);
    }
  }

  @Test
  void aFlippedBitOfABlobIsFound() throws IOException {
    try (LogDeviceStore store = filled()) {
      machine.flip(first(BLOB), 290_000);
      store.audit();
      assertThat(store.auditReport().damagedSinceOpen()).isEqualTo(1);
      assertThat(Everything.of(store)).hasSize(11);
      Checks.isConsistent(store);
    }
  }

  @Test
  void whatCannotBeReadIsCountedAndNotCalledDamaged() throws IOException {
    try (LogDeviceStore store = filled()) {
      machine.faults.inject(DiskOperation.READ, BLOB, Fault.IO_ERROR);
      store.audit();
      assertThat(store.auditReport().unreadable()).isPositive();
      assertThat(store.auditReport().damagedSinceOpen()).isZero();
      assertThat(store.status()).isInstanceOf(DeviceStatus.Online.class);
      assertThat(Everything.of(store)).hasSize(12);
    }
  }

  @Test
  void oneUnreadableSectorHidesNothingButItsOwnRecord() throws IOException {
    try (LogDeviceStore store = filled()) {
      machine.flip(first(VOLUME), 1024 + 3 * 2256 + 700);
      machine.faults.inject(DiskOperation.READ, first(VOLUME)::equals, Fault.IO_ERROR);
      store.audit();
      assertThat(store.auditReport().unreadable()).isLessThanOrEqualTo(1);
      assertThat(store.auditReport().damagedSinceOpen()).isEqualTo(1);
    }
  }

  private List<Path> blobs() {
    return machine.files(BLOB);
  }

  @Test
  void aBlobWhoseFileCouldNotBeRemovedIsRemovedByTheAudit() throws IOException {
    try (LogDeviceStore store = filled()) {
      List<Path> before = blobs();
      BlobWriter writer = store.newBlob();
      writer.write(ByteBuffer.wrap(LARGE));
      writer.finish();
      machine.faults.inject(DiskOperation.DELETE, BLOB, Fault.IO_ERROR);
      writer.close();
      assertThat(blobs()).hasSize(before.size() + 1);
      store.audit();
      submitNothing(store);
      assertThat(blobs()).isEqualTo(before);
      assertThat(store.auditReport().orphanBlobs()).isEqualTo(1);
      assertThat(Everything.of(store)).hasSize(12);
    }
  }

  @Test
  void aBlobThatIsBeingWrittenOrWaitsForItsRecordIsLeftAlone() throws IOException {
    try (LogDeviceStore store = filled()) {
      try (BlobWriter written = store.newBlob()) {
        written.write(ByteBuffer.wrap(LARGE));
        store.audit();
        NewBody body = written.finish();
        store.audit();
        assertThat(store.auditReport().orphanBlobs()).isZero();
        Mutation put =
            new Mutation.Put(
                Samples.record(30, 10, LARGE), body, Precondition.NONE, DueTargets.NONE);
        assertThat(store.submit(put).join()).isInstanceOf(MutationOutcome.Stored.class);
      }
      store.audit();
      assertThat(store.auditReport().orphanBlobs()).isZero();
      assertThat(Samples.bodyOf(store.open(Samples.key(30)).orElseThrow(), 50_000))
          .isEqualTo(LARGE);
    }
  }

  @Test
  void aBlobFileFromElsewhereGoesToQuarantine() throws IOException {
    try (LogDeviceStore store = filled()) {
      Path directory = first(BLOB).getParent();
      Path foreign = directory.resolve("00000000000000" + directory.getFileName());
      machine.disk.create(foreign).close();
      store.audit();
      submitNothing(store);
      assertThat(blobs()).hasSize(2);
      assertThat(machine.files(path -> path.toString().contains("/quarantine/blob-"))).hasSize(1);
    }
  }

  /// Files are removed after a group has been answered: when the next one is, they are.
  private static void submitNothing(LogDeviceStore store) {
    assertThat(store.clear(new DueMark(Samples.key(99), 0, 1)).join()).isFalse();
  }

  @Test
  void aGoneRecordIsNotDamaged() throws IOException {
    try (LogDeviceStore store = filled()) {
      forget(store, 1);
      store.audit();
      assertThat(store.auditReport().damagedSinceOpen()).isZero();
    }
  }

  @Test
  void aDamagedGoneRecordIsWrittenAnewSoThatNothingComesBack() throws IOException {
    try (LogDeviceStore store = filled()) {
      forget(store, 1);
      Path newest = last(VOLUME);
      machine.flip(newest, machine.disk.contents().get(newest).length - 50);
      store.audit();
      assertThat(store.auditReport().damagedSinceOpen()).isEqualTo(1);
    }
    try (LogDeviceStore store = machine.withoutIndex().open(Machine.smallConfig())) {
      assertThat(store.lookup(Samples.key(1))).isEmpty();
      assertThat(store.lookup(Samples.key(2))).isPresent();
    }
  }

  @Test
  void aDeviceWithoutSpaceForTheNoteStaysReadable() throws IOException {
    filled().close();
    FaultyKeyValues databases = new FaultyKeyValues(machine.databases);
    StoreEnvironment faulty = machine.environment(Machine.CLUSTER, databases);
    try (LogDeviceStore store = LogDeviceStore.open(Machine.smallConfig(), faulty)) {
      databases.full.set(true);
      store.audit();
      databases.full.set(false);
      assertThat(store.status()).isNotInstanceOf(DeviceStatus.Offline.class);
      assertThat(store.lookup(Samples.key(1))).isPresent();
    }
  }

  private static void forget(DeviceStore store, int n) throws StoreFault {
    long sequence = store.lookup(Samples.key(n)).orElseThrow().sequence();
    var forget = new Mutation.Forget(Samples.key(n), Mutation.Forget.Reason.PURGED, sequence);
    assertThat(store.submit(forget).join()).isInstanceOf(MutationOutcome.Forgotten.class);
  }

  private Path last(Predicate<Path> which) {
    return machine.files(which).getLast();
  }

  @Test
  void aPassGoesOnWhereARestartInterruptedIt() throws IOException {
    try (LogDeviceStore store = filled()) {
      store.audit();
      assertThat(store.auditReport().progress().passes()).isEqualTo(1);
    }
    try (LogDeviceStore store = machine.open(Machine.smallConfig())) {
      assertThat(store.auditReport().progress().passes()).isEqualTo(1);
      store.audit();
      assertThat(store.auditReport().progress().passes()).isEqualTo(2);
    }
  }

  @Test
  void aDigestThatIsNotThatOfTheEntriesIsAnAlarm() throws IOException {
    filled().close();
    tamper("digests");
    try (LogDeviceStore store = machine.open(Machine.smallConfig())) {
      store.audit();
      assertThat(store.auditReport().alarms())
          .singleElement()
          .asString()
          .contains("digest of leaf");
    }
  }

  @Test
  void aLostEntryIsAnAlarmInDigestsCountsAndLiveBytes() throws IOException {
    filled().close();
    tamper("objects");
    try (LogDeviceStore store = machine.open(Machine.smallConfig())) {
      store.audit();
      assertThat(store.auditReport().alarms())
          .hasSize(4)
          .anyMatch(alarm -> alarm.startsWith("digest of leaf"))
          .anyMatch(alarm -> alarm.startsWith("objects that expire"))
          .anyMatch(alarm -> alarm.startsWith("counts of policy"))
          .anyMatch(alarm -> alarm.startsWith("live bytes of volume"));
    }
  }

  @Test
  void aLostExpiryIsAnAlarm() throws IOException {
    filled().close();
    tamper("expiries");
    try (LogDeviceStore store = machine.open(Machine.smallConfig())) {
      store.audit();
      assertThat(store.auditReport().alarms())
          .hasSize(2)
          .anyMatch(alarm -> alarm.startsWith("expiry of"))
          .anyMatch(alarm -> alarm.startsWith("objects that expire"));
    }
  }

  /// Takes the first pair of a family away.
  private void tamper(String name) throws IOException {
    KeyValueFamily family =
        ObjectIndex.families().stream()
            .filter(f -> f.name().equals(name))
            .findFirst()
            .orElseThrow();
    try (KeyValueStore index =
        machine.databases.open(Machine.ROOT.resolve("index"), ObjectIndex.families())) {
      KeyValueBatch batch = index.newBatch();
      try (KeyValueCursor cursor = index.cursor(family, KeyRange.all())) {
        assertThat(cursor.first()).isTrue();
        batch.delete(family, cursor.key());
      }
      index.write(batch, WriteMode.NO_LOG);
      index.flush();
    }
  }
}
