package org.martlet.objectserver.store;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/// The files of a device of format 1, as they were first written, kept beside this test. What
/// reads or writes them differently is a new format and needs a new number.
class GoldenFormatTest {
  private static final List<String> FILES =
      List.of(
          "device.json",
          "volumes/00000001.vol",
          "volumes/00000002.vol",
          "blobs/02/0000010000000002");

  /// One record of each kind that there was then, over two volumes.
  private static void write(DeviceStore store) throws StoreFault {
    byte[] body = Samples.body(5, 2900);
    store.submit(Samples.put(1, 100, body, DueTargets.of(0, 5))).join();
    Samples.putBlob(store, 2, 100, Samples.body(6, 3100));
    store.submit(Samples.put(3, 100, body)).join();
    store.submit(Samples.post(1, 200, true)).join();
    store.submit(Samples.put(4, 100, body)).join();
    store.submit(Samples.delete(3, 300)).join();
    long sequence = store.lookup(Samples.key(4)).orElseThrow().sequence();
    store
        .submit(new Mutation.Forget(Samples.key(4), Mutation.Forget.Reason.PURGED, sequence))
        .join();
  }

  private static byte[] golden(String file) throws IOException {
    try (InputStream in = GoldenFormatTest.class.getResourceAsStream("/golden/format-1/" + file)) {
      assertThat(in).as(file).isNotNull();
      return in.readAllBytes();
    }
  }

  @Test
  void writesTheSameBytesAsEver() throws IOException {
    Machine machine = Machine.fresh();
    try (DeviceStore store = machine.open(Machine.smallConfig())) {
      write(store);
    }
    Map<Path, byte[]> contents = machine.disk.contents();
    for (String file : FILES) {
      assertThat(contents.get(Machine.ROOT.resolve(file))).as(file).isEqualTo(golden(file));
    }
  }

  @Test
  void readsWhatWasOnceWritten() throws IOException {
    Machine written = Machine.fresh();
    Map<String, Object> expected;
    try (DeviceStore store = written.open(Machine.smallConfig())) {
      write(store);
      expected = summary(store);
    }
    Machine machine = Machine.fresh();
    for (String file : FILES) {
      GoldenDevice.install(machine, file, golden(file));
    }
    try (LogDeviceStore store = machine.open(Machine.smallConfig())) {
      assertThat(store.recovery().indexRebuilt()).isTrue();
      assertThat(store.recovery().damagedBytes()).isZero();
      assertThat(summary(store)).isEqualTo(expected);
      Checks.isConsistent(store);
    }
  }

  @Test
  void writesEveryKindOfRecordAndIndexEntryAsEver() throws IOException {
    Machine machine = Machine.fresh();
    try (LogDeviceStore store = machine.open(Machine.smallConfig())) {
      GoldenDevice.write(machine, store);
      Map<Path, byte[]> contents = machine.disk.contents();
      for (String file : GoldenDevice.FILES) {
        assertThat(contents.get(Machine.ROOT.resolve(file)))
            .as(file)
            .isEqualTo(GoldenDevice.golden(file));
      }
      assertThat(contents).as("and object.lock").hasSize(GoldenDevice.FILES.size() + 1);
      assertThat(GoldenDevice.indexText(machine))
          .isEqualTo(new String(GoldenDevice.golden(GoldenDevice.INDEX), US_ASCII));
    }
  }

  @Test
  void readsEveryKindOfRecordWithTheIndexAndWithout() throws IOException {
    Machine written = Machine.fresh();
    Map<String, Object> expected;
    try (LogDeviceStore store = written.open(Machine.smallConfig())) {
      GoldenDevice.write(written, store);
      expected = summary(store);
    }
    Machine withIndex = Machine.fresh();
    GoldenDevice.install(withIndex);
    GoldenDevice.installIndex(withIndex, GoldenDevice.INDEX);
    try (LogDeviceStore store = withIndex.open(Machine.smallConfig())) {
      assertThat(store.recovery()).isEqualTo(new RecoveryReport(false, 0, 0, 0, 0));
      assertThat(summary(store)).isEqualTo(expected);
      Checks.isConsistent(store);
    }
    Machine without = Machine.fresh();
    GoldenDevice.install(without);
    try (LogDeviceStore store = without.open(Machine.smallConfig())) {
      assertThat(store.recovery().indexRebuilt()).isTrue();
      assertThat(store.recovery().damagedBytes()).isZero();
      assertThat(summary(store)).isEqualTo(expected);
      Checks.isConsistent(store);
    }
  }

  @ParameterizedTest
  @FieldSource("org.martlet.objectserver.store.GoldenDevice#OLDER_INDEXES")
  void anIndexOfAnOlderVersionIsMadeAnewFromTheLog(String index) throws IOException {
    Machine machine = Machine.fresh();
    GoldenDevice.install(machine);
    GoldenDevice.installIndex(machine, index);
    try (LogDeviceStore store = machine.open(Machine.smallConfig())) {
      assertThat(store.recovery().indexRebuilt()).isTrue();
      Checks.isConsistent(store);
    }
    try (LogDeviceStore store = machine.open(Machine.smallConfig())) {
      assertThat(store.recovery().indexRebuilt()).isFalse();
    }
  }

  private static Map<String, Object> summary(DeviceStore store) throws StoreFault {
    Map<String, Object> summary = new TreeMap<>();
    for (IndexedObject object : Everything.of(store)) {
      summary.put(object.key().toString(), store.read(object.key()).orElseThrow());
    }
    summary.put("due", Checks.dueMasks(store));
    summary.put("device", store.deviceUuid());
    return summary;
  }
}
