package org.martlet.objectserver.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.martlet.common.disk.CrashChoice;
import org.martlet.common.disk.DiskOperation;
import org.martlet.common.disk.FaultyDisk.Fault;
import org.martlet.common.disk.SpaceMarks;
import org.martlet.common.kv.KeyValueBatch;
import org.martlet.common.kv.KeyValueFamily;
import org.martlet.common.kv.KeyValueStore;
import org.martlet.common.kv.WriteMode;
import org.martlet.common.model.ByteSize;
import org.martlet.objectserver.index.ObjectIndex;

/// Volumes that are mostly garbage are rewritten and removed.
class CompactionTest {
  private static final byte[] BODY = Samples.body(1, 2000);

  private final Machine machine = Machine.fresh();

  private LogDeviceStore open() throws IOException {
    return machine.open(Machine.smallConfig());
  }

  private static void put(DeviceStore store, int n, long ticks) {
    assertThat(store.submit(Samples.put(n, ticks, BODY)).join())
        .isInstanceOf(MutationOutcome.Stored.class);
  }

  private static void forget(DeviceStore store, int n) throws StoreFault {
    long sequence = store.lookup(Samples.key(n)).orElseThrow().sequence();
    var forget = new Mutation.Forget(Samples.key(n), Mutation.Forget.Reason.PURGED, sequence);
    assertThat(store.submit(forget).join()).isInstanceOf(MutationOutcome.Forgotten.class);
  }

  private long volumeBytes() {
    return machine.volumes().stream()
        .mapToLong(path -> machine.disk.contents().get(path).length)
        .sum();
  }

  private static byte[] stored(DeviceStore store, int n) throws StoreFault {
    try (OpenObject object = store.open(Samples.key(n)).orElseThrow()) {
      return Samples.bodyOf(object, 10_000);
    }
  }

  @Test
  void spaceReturnsAfterOverwritesAndDeletes() throws IOException {
    try (LogDeviceStore store = open()) {
      for (int n = 0; n < 40; n++) {
        put(store, n, 10);
      }
      for (int n = 0; n < 30; n++) {
        assertThat(store.submit(Samples.delete(n, 20)).join())
            .isInstanceOf(MutationOutcome.Stored.class);
      }
      long before = volumeBytes();
      store.compact();
      assertThat(volumeBytes()).isLessThan(before / 2);
      assertThat(store.compaction().freedBytes()).isGreaterThan(before / 2);
      for (int n = 30; n < 40; n++) {
        assertThat(stored(store, n)).isEqualTo(BODY);
      }
      Checks.isConsistent(store);
    }
  }

  @Test
  void whatIsGoneStaysGoneWhileAnOlderVolumeMayHoldIt() throws IOException {
    try (LogDeviceStore store = open()) {
      for (int n = 1; n <= 4; n++) {
        put(store, n, 10);
      }
      Path older = machine.volumes().getFirst();
      for (int n = 5; n < 8; n++) {
        put(store, n, 10);
      }
      forget(store, 1);
      put(store, 8, 10);
      put(store, 9, 10);
      Path holdsTheGoneRecord = machine.volumes().get(1);
      for (int n = 5; n < 8; n++) {
        forget(store, n);
      }
      store.compact();
      assertThat(machine.volumes()).contains(older).doesNotContain(holdsTheGoneRecord);
      Checks.isConsistent(store);
    }
    try (LogDeviceStore store = machine.withoutIndex().open(Machine.smallConfig())) {
      assertThat(store.lookup(Samples.key(1))).isEmpty();
      assertThat(stored(store, 2)).isEqualTo(BODY);
      assertThat(stored(store, 8)).isEqualTo(BODY);
    }
  }

  @Test
  void goneRecordsDoNotPileUpForEver() throws IOException {
    try (LogDeviceStore store = open()) {
      for (int round = 0; round < 20; round++) {
        for (int n = 0; n < 10; n++) {
          put(store, n, 10 + round);
        }
        for (int n = 0; n < 10; n++) {
          forget(store, n);
        }
        store.compact();
      }
      assertThat(machine.volumes()).hasSizeLessThan(4);
    }
  }

  @Test
  void aVolumeOfGoneRecordsAloneGoesOnceNoOlderVolumeIsLeft() throws IOException {
    try (LogDeviceStore store = open()) {
      for (int n = 0; n < 240; n++) {
        assertThat(store.submit(Samples.put(n, 10, new byte[10])).join())
            .isInstanceOf(MutationOutcome.Stored.class);
      }
      int older = machine.volumes().size();
      for (int n = 0; n < 240; n++) {
        forget(store, n);
      }
      put(store, 1000, 10);
      assertThat(machine.volumes()).as("one is of gone alone").hasSizeGreaterThan(older + 1);
      assertThat(store.volumes().goneBytes()).isGreaterThan(16_000);
      store.compact();
      assertThat(machine.volumes()).hasSize(1);
      assertThat(store.volumes().goneBytes()).isLessThan(8000);
      Checks.isConsistent(store);
    }
    try (LogDeviceStore store = machine.withoutIndex().open(Machine.smallConfig())) {
      assertThat(Everything.of(store)).hasSize(1);
      Checks.isConsistent(store);
    }
  }

  @Test
  void goneRecordsThatAreNeededAreNotRewrittenForNothing() throws IOException {
    try (LogDeviceStore store = open()) {
      for (int n = 0; n < 4; n++) {
        put(store, n, 10);
      }
      forget(store, 0);
      for (int round = 1; round < 200; round++) {
        put(store, 50, 10 + round);
        forget(store, 50);
      }
      store.compact();
      long moved = store.compaction().movedBytes();
      long removed = store.compaction().removedVolumes();
      assertThat(machine.volumes()).hasSizeLessThan(5);
      store.compact();
      assertThat(store.compaction().movedBytes()).isEqualTo(moved);
      assertThat(store.compaction().removedVolumes()).isEqualTo(removed);
      Checks.isConsistent(store);
    }
    try (LogDeviceStore store = machine.withoutIndex().open(Machine.smallConfig())) {
      assertThat(store.lookup(Samples.key(0))).isEmpty();
      assertThat(store.lookup(Samples.key(50))).isEmpty();
    }
  }

  @Test
  void anIndexThatCountedGoneRecordsAsLiveIsMadeAnew() throws IOException {
    try (LogDeviceStore store = open()) {
      put(store, 1, 10);
      put(store, 2, 10);
      forget(store, 1);
    }
    KeyValueFamily meta =
        ObjectIndex.families().stream()
            .filter(family -> family.name().equals("meta"))
            .findFirst()
            .orElseThrow();
    try (KeyValueStore index =
        machine.databases.open(Machine.ROOT.resolve("index"), ObjectIndex.families())) {
      byte[] identity = index.get(meta, new byte[] {'i'}).clone();
      identity[0] = 1;
      KeyValueBatch batch = index.newBatch();
      batch.put(meta, new byte[] {'i'}, identity);
      index.write(batch, WriteMode.NO_LOG);
      index.flush();
    }
    try (LogDeviceStore store = open()) {
      assertThat(store.recovery().indexRebuilt()).isTrue();
      assertThat(store.lookup(Samples.key(2))).isPresent();
      assertThat(store.lookup(Samples.key(1))).isEmpty();
      Checks.isConsistent(store);
    }
  }

  @Test
  void aBodyWhoseMetadataWasPostedLaterIsBroughtTogether() throws IOException {
    try (LogDeviceStore store = open()) {
      put(store, 1, 10);
      for (int n = 10; n < 20; n++) {
        put(store, n, 10);
      }
      assertThat(store.submit(Samples.post(1, 20, true)).join())
          .isInstanceOf(MutationOutcome.Stored.class);
      for (int n = 10; n < 20; n++) {
        put(store, n, 20);
      }
      Path first = machine.volumes().getFirst();
      store.compact();
      assertThat(machine.volumes()).doesNotContain(first);
      assertThat(stored(store, 1)).isEqualTo(BODY);
      assertThat(store.read(Samples.key(1)).orElseThrow().record().state().contentType().value())
          .isEqualTo("post/20");
    }
    try (LogDeviceStore store = machine.withoutIndex().open(Machine.smallConfig())) {
      assertThat(stored(store, 1)).isEqualTo(BODY);
      Checks.isConsistent(store);
    }
  }

  @Test
  void whoReadsAnObjectWhileItsVolumeIsRemovedReadsOn() throws IOException {
    try (LogDeviceStore store = open()) {
      byte[] large = Samples.body(7, 200_000);
      Samples.putBlob(store, 1, 10, large);
      put(store, 2, 10);
      for (int n = 10; n < 20; n++) {
        put(store, n, 10);
      }
      try (OpenObject object = store.open(Samples.key(1)).orElseThrow();
          OpenObject small = store.open(Samples.key(2)).orElseThrow()) {
        for (int n = 10; n < 20; n++) {
          put(store, n, 20);
        }
        store.compact();
        assertThat(store.compaction().removedVolumes()).isPositive();
        assertThat(Samples.bodyOf(object, 50_000)).isEqualTo(large);
        assertThat(Samples.bodyOf(small, 500)).isEqualTo(BODY);
      }
    }
  }

  @Test
  void damageIsQuarantinedAndNotCopied() throws IOException {
    try (LogDeviceStore store = open()) {
      for (int n = 0; n < 8; n++) {
        put(store, n, 10);
      }
      machine.flip(machine.volumes().getFirst(), 1024 + 1000);
      machine.flip(machine.volumes().getFirst(), 1024 + 2400);
      for (int n = 2; n < 8; n++) {
        put(store, n, 20);
      }
      store.compact();
      assertThat(store.compaction().removedVolumes()).isPositive();
      assertThat(store.lookup(Samples.key(0))).as("its body was damaged").isEmpty();
      Checks.isConsistent(store);
    }
  }

  @Test
  void anIndexThatSurvivesAPowerLossNeverRefersToARemovedVolume() throws IOException {
    try (LogDeviceStore before = open()) {
      for (int n = 0; n < 8; n++) {
        put(before, n, 10);
      }
    }
    LogDeviceStore store = open();
    for (int n = 0; n < 8; n++) {
      put(store, n, 20);
    }
    store.compact();
    assertThat(store.compaction().removedVolumes()).isPositive();
    Machine after = machine.crash(CrashChoice.keepNothing());
    Machine.abandon(store);
    try (LogDeviceStore again = after.open(Machine.smallConfig())) {
      assertThat(again.recovery().indexRebuilt()).isFalse();
      assertThat(stored(again, 3)).isEqualTo(BODY);
      Checks.isConsistent(again);
    }
  }

  @Test
  void aVolumeThatCannotBeReadStaysAndIsReported() throws IOException {
    try (LogDeviceStore store = open()) {
      for (int n = 0; n < 8; n++) {
        put(store, n, 10);
      }
      for (int n = 1; n < 8; n++) {
        put(store, n, 20);
      }
      Path first = machine.volumes().getFirst();
      machine.faults.inject(DiskOperation.READ, first::equals, Fault.IO_ERROR).andAllAfter();
      store.compact();
      assertThat(store.compaction().failedVolumes()).isEqualTo(1);
      assertThat(machine.volumes()).contains(first);
      assertThat(store.status()).isInstanceOf(DeviceStatus.Online.class);
      assertThat(stored(store, 5)).isEqualTo(BODY);
    }
  }

  @Test
  void aRemovalThatFailsTakesTheDeviceOfflineAndNothingComesBack() throws IOException {
    LogDeviceStore store = open();
    for (int n = 0; n < 8; n++) {
      put(store, n, 10);
    }
    for (int n = 0; n < 8; n++) {
      put(store, n, 20);
    }
    Path oldest = machine.volumes().getFirst();
    machine.faults.inject(DiskOperation.DELETE, oldest::equals, Fault.IO_ERROR);
    store.compact();
    assertThat(store.status()).isInstanceOf(DeviceStatus.Offline.class);
    assertThat(machine.volumes()).contains(oldest);
    store.close();
    try (LogDeviceStore again = open()) {
      again.compact();
      assertThat(machine.volumes()).doesNotContain(oldest);
      assertThat(stored(again, 3)).isEqualTo(BODY);
      Checks.isConsistent(again);
    }
  }

  @Test
  void aFullDiskIsEmptiedByDeletesAndCompaction() throws IOException {
    machine.disk.capacity(100_000);
    try (LogDeviceStore store = open()) {
      int stored = 0;
      while (store.submit(Samples.put(stored, 10, BODY)).join() instanceof MutationOutcome.Stored) {
        stored++;
      }
      assertThat(stored).isGreaterThan(20);
      for (int n = 0; n < stored; n++) {
        forgetIfThereIsRoom(store, n);
      }
      machine.millis.addAndGet(2000);
      store.compact();
      machine.millis.addAndGet(2000);
      put(store, 1000, 30);
      assertThat(stored(store, 1000)).isEqualTo(BODY);
    }
  }

  @Test
  void aSmallFullDeviceIsEmptiedByDeletesAloneAndNoneOfThemIsRefused() throws IOException {
    machine.disk.capacity(300_000);
    DeviceStoreConfig usual = Machine.smallConfig();
    DeviceStoreConfig reserved =
        new DeviceStoreConfig(
            usual.root(),
            usual.inlineLimit(),
            new ByteSize(20_000),
            SpaceMarks.ofPercent(6, 1),
            usual.queue(),
            usual.background(),
            usual.leafBits());
    try (LogDeviceStore store = machine.open(reserved)) {
      int stored = 0;
      while (store.submit(Samples.put(stored, 10, BODY)).join() instanceof MutationOutcome.Stored) {
        stored++;
        machine.millis.addAndGet(1001);
      }
      assertThat(stored).isGreaterThan(100);
      for (int n = 0; n < stored; n += 2) {
        assertThat(store.submit(Samples.delete(n, 20)).join())
            .as("delete %d of %d", n, stored)
            .isInstanceOf(MutationOutcome.Stored.class);
        machine.millis.addAndGet(1001);
        store.compact();
      }
      machine.millis.addAndGet(1001);
      for (int n = 0; n < stored / 4; n++) {
        put(store, 1000 + n, 30);
        machine.millis.addAndGet(1001);
        store.compact();
      }
      assertThat(stored(store, 1)).isEqualTo(BODY);
      Checks.isConsistent(store);
    }
  }

  @Test
  void aPassEndsAlsoWhereWhatItWritesIsWorthAnotherOne() throws IOException {
    machine.disk.capacity(100_000);
    DeviceStoreConfig usual = Machine.smallConfig();
    // A tenth is enough where space is short, and the header alone is more of so small a volume.
    DeviceStoreConfig alwaysShort =
        new DeviceStoreConfig(
            usual.root(),
            usual.inlineLimit(),
            usual.volumeLimit(),
            SpaceMarks.ofPercent(90, 1),
            usual.queue(),
            usual.background(),
            usual.leafBits());
    try (LogDeviceStore store = machine.open(usual)) {
      for (int n = 0; n < 20; n++) {
        put(store, n, 10);
      }
    }
    try (LogDeviceStore store = machine.open(alwaysShort)) {
      int before = machine.volumes().size();
      store.compact();
      assertThat(store.compaction().removedVolumes()).isLessThanOrEqualTo(before);
      Checks.isConsistent(store);
    }
  }

  private void forgetIfThereIsRoom(DeviceStore store, int n) throws StoreFault {
    machine.millis.addAndGet(2000);
    long sequence = store.lookup(Samples.key(n)).orElseThrow().sequence();
    var forget = new Mutation.Forget(Samples.key(n), Mutation.Forget.Reason.DROPPED, sequence);
    assertThat(store.submit(forget).join())
        .isInstanceOfAny(
            MutationOutcome.Forgotten.class, MutationOutcome.InsufficientStorage.class);
  }

  @Test
  void nothingIsRewrittenOnceTheDeviceIsOffline() throws IOException {
    LogDeviceStore store = open();
    for (int n = 0; n < 8; n++) {
      put(store, n, 10);
    }
    machine.faults.inject(
        DiskOperation.FORCE, path -> path.toString().endsWith(".vol"), Fault.IO_ERROR);
    assertThat(store.submit(Samples.put(1, 20, BODY)).join())
        .isInstanceOf(MutationOutcome.Unavailable.class);
    List<Path> before = machine.volumes();
    store.compact();
    assertThat(machine.volumes()).isEqualTo(before);
    assertThatThrownBy(() -> store.lookup(Samples.key(1))).isInstanceOf(StoreFault.class);
    store.close();
  }
}
