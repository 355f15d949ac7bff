package org.martlet.objectserver.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.martlet.common.device.DeviceRefused;
import org.martlet.common.model.Digest;
import org.martlet.common.model.PartitionId;

/// Bits that rot on disk.
class DamageTest {
  private static final byte[] BODY = Samples.body(1, 1000);
  private static final byte[] LARGE = Samples.body(2, 300_000);
  private static final int VOLUME_HEADER = 1024;

  private final Machine machine = Machine.fresh();

  private Path file(String containing) {
    return machine.files(path -> path.toString().contains(containing)).getFirst();
  }

  private static MutationOutcome put(DeviceStore store, int n) {
    return store.submit(Samples.put(n, 100, BODY)).join();
  }

  @Test
  void aDamagedObjectIsQuarantinedForGoodAndCanBePushedAgain() throws IOException {
    try (DeviceStore store = machine.open()) {
      put(store, 1);
      put(store, 2);
    }
    machine.flip(file(".vol"), VOLUME_HEADER + 400);
    try (DeviceStore store = machine.open()) {
      assertThatThrownBy(() -> store.open(Samples.key(1))).isInstanceOf(StoreFault.Damaged.class);
      assertThat(store.open(Samples.key(1))).isEmpty();
      assertThat(store.statistics(1)).isEqualTo(PolicyStatistics.ZERO);
      assertThat(store.partitionDigest(1, 0, new PartitionId(0))).isEqualTo(Digest.ZERO);
    }
    try (LogDeviceStore store = machine.withoutIndex().open()) {
      assertThat(store.lookup(Samples.key(1))).isEmpty();
      assertThat(store.lookup(Samples.key(2))).isPresent();
      var push =
          new Mutation.Apply(
              Samples.record(1, 100, BODY),
              Optional.of(Samples.inline(BODY)),
              Precondition.NONE,
              DueTargets.NONE);
      assertThat(store.submit(push).join()).isInstanceOf(MutationOutcome.Stored.class);
      Checks.isConsistent(store);
    }
  }

  @Test
  void aDamagedBlockOfALargeBodyIsNotHandedOut() throws IOException {
    try (DeviceStore store = machine.open()) {
      Samples.putBlob(store, 1, 100, LARGE);
      machine.flip(file("/blobs/"), 150_000);
      try (OpenObject object = store.open(Samples.key(1)).orElseThrow()) {
        ByteBuffer into = ByteBuffer.allocate(100_000);
        assertThat(object.read(0, into)).isEqualTo(100_000);
        into.clear();
        assertThatThrownBy(() -> object.read(100_000, into)).isInstanceOf(StoreFault.Damaged.class);
        assertThat(into.position()).isZero();
      }
      assertThat(store.lookup(Samples.key(1))).isEmpty();
      store.submit(Samples.delete(2, 1)).join();
      store.submit(Samples.delete(2, 2)).join();
      assertThat(file("/quarantine/blob-")).isNotNull();
    }
    try (LogDeviceStore store = machine.open()) {
      assertThat(store.recovery().sweptBlobs()).isZero();
    }
  }

  @Test
  void aDamagedFooterOrAMissingFileIsNoticedOnOpen() throws IOException {
    try (DeviceStore store = machine.open()) {
      Samples.putBlob(store, 1, 100, LARGE);
      machine.flip(file("/blobs/"), LARGE.length + 3);
      assertThatThrownBy(() -> store.open(Samples.key(1))).isInstanceOf(StoreFault.Damaged.class);
      store.submit(Samples.delete(2, 1)).join();
      store.submit(Samples.delete(2, 2)).join();
      Samples.putBlob(store, 3, 100, LARGE);
      machine.disk.delete(file("/blobs/"));
      assertThatThrownBy(() -> store.open(Samples.key(3))).isInstanceOf(StoreFault.Damaged.class);
      assertThat(store.lookup(Samples.key(3))).isEmpty();
    }
  }

  @Test
  void aRebuildPassesOverADamagedRecordAndKeepsItsNeighbours() throws IOException {
    try (DeviceStore store = machine.open()) {
      for (int n = 0; n < 5; n++) {
        put(store, n);
      }
    }
    Path volume = file(".vol");
    int recordLength = (machine.disk.contents().get(volume).length - VOLUME_HEADER) / 5;
    machine.flip(volume, VOLUME_HEADER + 2L * recordLength + 20);
    try (LogDeviceStore store = machine.withoutIndex().open()) {
      assertThat(store.recovery().damagedBytes()).isEqualTo(recordLength);
      assertThat(store.recovery().cutBytes()).isZero();
      assertThat(Everything.of(store)).hasSize(4);
      assertThat(store.lookup(Samples.key(2))).isEmpty();
      Checks.isConsistent(store);
    }
  }

  @Test
  void oneOfTwoVolumeHeadersIsEnough() throws IOException {
    try (DeviceStore store = machine.open()) {
      put(store, 1);
    }
    machine.flip(file(".vol"), 10);
    try (LogDeviceStore store = machine.open()) {
      assertThat(store.recovery().indexRebuilt()).isFalse();
      Checks.isConsistent(store);
      assertThat(store.lookup(Samples.key(1))).isPresent();
    }
  }

  @Test
  void aVolumeThatIsLostTakesItsObjectsOutOfTheIndex() throws IOException {
    try (DeviceStore store = machine.open(Machine.smallConfig())) {
      for (int n = 0; n < 20; n++) {
        put(store, n);
      }
    }
    Path first = file("00000001.vol");
    machine.flip(first, 10);
    machine.flip(first, 600);
    try (LogDeviceStore store = machine.open(Machine.smallConfig())) {
      assertThat(store.recovery().indexRebuilt()).isTrue();
      assertThat(Everything.of(store)).hasSizeBetween(1, 19);
      Checks.isConsistent(store);
      assertThat(file("/quarantine/00000001.vol")).isNotNull();
      assertThat(put(store, 1)).isInstanceOf(MutationOutcome.Stored.class);
    }
  }

  @Test
  void anIndexIsMadeAnewFromTheVolumesAloneWhereThatIsAskedFor() throws IOException {
    try (DeviceStore store = machine.open()) {
      put(store, 1);
      put(store, 2);
      assertThatThrownBy(this::rebuildIndex)
          .isInstanceOf(DeviceRefused.class)
          .hasMessageContaining("in use");
    }
    RecoveryReport report = rebuildIndex();
    assertThat(report.indexRebuilt()).isTrue();
    assertThat(report.records()).isEqualTo(2);
    try (LogDeviceStore store = machine.open()) {
      assertThat(store.recovery().indexRebuilt()).isFalse();
      assertThat(store.lookup(Samples.key(1))).isPresent();
      Checks.isConsistent(store);
    }
  }

  private RecoveryReport rebuildIndex() throws IOException {
    return LogDeviceStore.rebuildIndex(Machine.config(), machine.environment(Machine.CLUSTER));
  }

  @Test
  void aRebuildThatFindsNoSpaceGivesUpTheOldIndex() throws IOException {
    try (DeviceStore store = machine.open()) {
      put(store, 1);
    }
    Path old = Machine.ROOT.resolve("quarantine/index-1");
    machine.disk.createDirectory(old);
    machine.disk.create(old.resolve("000001.sst")).close();
    FaultyKeyValues databases = new FaultyKeyValues(machine.withoutIndex().databases);
    databases.full.set(true);
    machine.power.beforeEachCall(() -> databases.full.compareAndSet(true, exists(old)));
    try (LogDeviceStore store =
        LogDeviceStore.open(Machine.config(), machine.environment(Machine.CLUSTER, databases))) {
      assertThat(store.recovery().indexRebuilt()).isTrue();
      assertThat(store.lookup(Samples.key(1))).isPresent();
      assertThat(machine.files(path -> path.startsWith(old))).isEmpty();
      Checks.isConsistent(store);
    }
  }

  private boolean exists(Path path) {
    return machine.disk.directories().contains(path);
  }
}
