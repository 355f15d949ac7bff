package org.martlet.objectserver.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.martlet.common.device.DeviceIdentity;
import org.martlet.common.disk.RealDisk;
import org.martlet.common.kv.KeyValueConfig;
import org.martlet.common.kv.KeyValueEngine;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The engine on the machine's own disk, with RocksDB.
class LogDeviceStoreIT {
  private static final Logger LOG = LoggerFactory.getLogger(LogDeviceStoreIT.class);
  private static final int OBJECTS = 100_000;
  private static final int IN_FLIGHT = 512;

  private final KeyValueEngine databases = new KeyValueEngine(KeyValueConfig.DEFAULT);
  @TempDir private Path root;

  @AfterEach
  void closeDatabases() {
    databases.close();
  }

  private LogDeviceStore open() throws IOException {
    RealDisk disk = new RealDisk();
    if (!DeviceIdentity.isPresent(disk, root)) {
      DeviceIdentity.create(disk, root, "c1", UUID.randomUUID());
    }
    return LogDeviceStore.open(DeviceStoreConfig.of(root), environment());
  }

  private StoreEnvironment environment() {
    return new StoreEnvironment(
        new RealDisk(),
        databases,
        InstantSource.system(),
        new SecureRandom(),
        "c1",
        "cluster secret");
  }

  private static void fill(DeviceStore store, int objects, byte[] body) {
    fill(store, objects, body, 100);
  }

  private static void fill(DeviceStore store, int objects, byte[] body, int ticks) {
    ArrayDeque<CompletableFuture<MutationOutcome>> waiting = new ArrayDeque<>();
    for (int n = 0; n < objects; n++) {
      waiting.add(store.submit(Samples.put(n, ticks, body)));
      if (waiting.size() >= IN_FLIGHT) {
        assertThat(waiting.remove().join()).isInstanceOf(MutationOutcome.Stored.class);
      }
    }
    waiting.forEach(w -> assertThat(w.join()).isInstanceOf(MutationOutcome.Stored.class));
  }

  @Test
  void opensWithAHundredThousandObjectsInWellUnderASecond() throws IOException {
    byte[] body = Samples.body(1, 4096);
    long began = System.nanoTime();
    try (DeviceStore store = open()) {
      fill(store, OBJECTS, body);
      LOG.info("{} puts took {} ms", OBJECTS, (System.nanoTime() - began) / 1_000_000);
    }
    began = System.nanoTime();
    try (LogDeviceStore store = open()) {
      Duration took = Duration.ofNanos(System.nanoTime() - began);
      LOG.info("opening took {} ms", took.toMillis());
      assertThat(took).isLessThan(Duration.ofSeconds(1));
      assertThat(store.recovery()).isEqualTo(new RecoveryReport(false, 0, 0, 0, 0));
      assertThat(store.statistics(0).objects() + store.statistics(1).objects()).isEqualTo(OBJECTS);
      readAll(store, body);
    }
  }

  private static void readAll(LogDeviceStore store, byte[] body) throws StoreFault {
    long began = System.nanoTime();
    for (int n = 0; n < OBJECTS; n += 50) {
      try (OpenObject object = store.open(Samples.key(n)).orElseThrow()) {
        assertThat(Samples.bodyOf(object, 65_536)).isEqualTo(body);
      }
    }
    LOG.info("{} gets took {} ms", OBJECTS / 50, (System.nanoTime() - began) / 1_000_000);
  }

  @Test
  void rebuildsTheIndexOfARealDeviceFromItsVolumes() throws IOException {
    byte[] body = Samples.body(1, 1000);
    byte[] large = Samples.body(2, 3_000_000);
    List<IndexedObject> all;
    try (DeviceStore store = open()) {
      fill(store, 5000, body);
      Samples.putBlob(store, 5000, 100, large);
      all = Everything.of(store);
    }
    Files.move(root.resolve("index"), root.resolve("index-away"));
    try (LogDeviceStore store = open()) {
      assertThat(store.recovery().indexRebuilt()).isTrue();
      assertThat(Everything.of(store)).isEqualTo(all);
      try (OpenObject object = store.open(Samples.key(5000)).orElseThrow()) {
        assertThat(Samples.bodyOf(object, 65_536)).isEqualTo(large);
      }
    }
  }

  @Test
  void makesFinerDigestsWhileItIsWrittenTo() throws IOException {
    byte[] body = Samples.body(1, 100);
    try (LogDeviceStore store = open()) {
      fill(store, 20_000, body);
      CompletableFuture<Void> writes =
          CompletableFuture.runAsync(() -> fill(store, 20_000, body, 200));
      long began = System.nanoTime();
      store.refineDigests(16);
      LOG.info("finer digests took {} ms", (System.nanoTime() - began) / 1_000_000);
      writes.join();
      assertThat(store.leafBits()).isEqualTo(16);
      Checks.auditRaisesNoAlarm(store);
      store.refineDigests(17);
      Checks.auditRaisesNoAlarm(store);
    }
    try (LogDeviceStore store = open()) {
      assertThat(store.leafBits()).isEqualTo(17);
      Checks.auditRaisesNoAlarm(store);
    }
  }

  @Test
  void rebuildsARealIndexWhoseFilesRot() throws IOException {
    byte[] body = Samples.body(1, 1000);
    List<IndexedObject> all;
    try (DeviceStore store = open()) {
      fill(store, 2000, body);
      all = Everything.of(store);
    }
    rotIndex();
    boolean atOnce;
    try (LogDeviceStore store = open()) {
      atOnce = store.recovery().indexRebuilt();
      if (!atOnce) {
        assertThatThrownBy(() -> Everything.of(store)).isInstanceOf(StoreFault.class);
        assertThat(store.status()).isInstanceOf(DeviceStatus.Offline.class);
      }
    }
    try (LogDeviceStore store = open()) {
      assertThat(store.recovery().indexRebuilt()).isNotEqualTo(atOnce);
      assertThat(Everything.of(store)).isEqualTo(all);
      assertThat(oldIndexes()).hasSize(1);
    }
    LogDeviceStore.rebuildIndex(DeviceStoreConfig.of(root), environment());
    assertThat(oldIndexes()).as("one old index is kept, not more").hasSize(1);
  }

  private List<Path> oldIndexes() throws IOException {
    try (Stream<Path> files = Files.list(root.resolve("quarantine"))) {
      return files.filter(f -> f.getFileName().toString().startsWith("index-")).toList();
    }
  }

  /// Flips bits in the data of every table of the index.
  private void rotIndex() throws IOException {
    try (Stream<Path> files = Files.list(root.resolve("index"))) {
      for (Path table : files.filter(f -> f.toString().endsWith(".sst")).toList()) {
        byte[] bytes = Files.readAllBytes(table);
        for (int i = 0; i < bytes.length / 2; i += 100) {
          bytes[i] ^= 0x10;
        }
        Files.write(table, bytes);
      }
    }
  }
}
