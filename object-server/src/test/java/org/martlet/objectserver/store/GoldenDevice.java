package org.martlet.objectserver.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.martlet.common.disk.DiskFile;
import org.martlet.common.disk.DiskOperation;
import org.martlet.common.disk.FaultyDisk.Fault;
import org.martlet.common.kv.KeyValueBatch;
import org.martlet.common.kv.KeyValueFamily;
import org.martlet.common.kv.KeyValueStore;
import org.martlet.common.kv.WriteMode;
import org.martlet.objectserver.index.ObjectIndex;

/// The device of which `golden/format-1-every-kind` is a copy: records of every kind, bodies in
/// every place, moved by compaction and not, and its index.
final class GoldenDevice {
  static final String FOLDER = "/golden/format-1-every-kind/";

  /// The files of the device, in their order. Beside them lies its index, in each version that an
  /// index ever had: one line an entry, with family, key and value.
  static final List<String> FILES =
      List.of(
          "blobs/06/0000010000000006",
          "blobs/17/0000010000000017",
          "device.json",
          "volumes/00000001.vol",
          "volumes/00000003.vol",
          "volumes/00000004.vol");

  static final String INDEX = "index-3.txt";
  static final List<String> OLDER_INDEXES = List.of("index-1.txt", "index-2.txt");

  private static final byte[] SMALL = Samples.body(5, 100);
  private static final byte[] LARGE = Samples.body(6, 2900);

  private GoldenDevice() {}

  /// Makes the device: the second volume is written to be moved out of, and is gone at the end.
  static void write(Machine machine, LogDeviceStore store) throws StoreFault {
    put(store, 4, SMALL);
    put(store, 6, SMALL);
    store.submit(Samples.put(1, 100, Samples.body(7, 1000), DueTargets.of(0, 5))).join();
    put(store, 9, LARGE);
    put(store, 12, LARGE);
    assertThat(Samples.putBlob(store, 2, 100, Samples.body(8, 3100)))
        .isInstanceOf(MutationOutcome.Stored.class);
    store.submit(Samples.post(2, 200, true)).join();
    store.submit(Samples.post(1, 200, false)).join();
    put(store, 3, SMALL);
    store.submit(Samples.delete(3, 300)).join();
    forget(store, 4);
    quarantine(machine, store, 6);
    put(store, 10, LARGE);
    put(store, 11, LARGE);
    store.submit(Samples.put(10, 200, SMALL)).join();
    store.submit(Samples.put(11, 200, SMALL)).join();
    store.compact();
    assertThat(store.compaction().removedVolumes()).isEqualTo(1);
    everyKindOnceMore(machine, store);
  }

  private static void everyKindOnceMore(Machine machine, LogDeviceStore store) throws StoreFault {
    Samples.putBlob(store, 20, 100, Samples.body(9, 70_000));
    store.submit(Samples.post(9, 200, true)).join();
    store.submit(Samples.post(20, 200, true)).join();
    put(store, 21, SMALL);
    forget(store, 21);
    store.submit(Samples.delete(22, 100)).join();
    forget(store, 22);
    put(store, 23, SMALL);
    quarantine(machine, store, 23);
    put(store, 24, LARGE);
    put(store, 25, new byte[0]);
    store.checkpoint();
  }

  private static void put(DeviceStore store, int n, byte[] body) {
    assertThat(store.submit(Samples.put(n, 100, body)).join())
        .isInstanceOf(MutationOutcome.Stored.class);
  }

  private static void forget(DeviceStore store, int n) throws StoreFault {
    IndexedObject object = store.lookup(Samples.key(n)).orElseThrow();
    Mutation.Forget.Reason reason =
        object.clocks().isLive() ? Mutation.Forget.Reason.DROPPED : Mutation.Forget.Reason.PURGED;
    var forget = new Mutation.Forget(object.key(), reason, object.sequence());
    assertThat(store.submit(forget).join()).isInstanceOf(MutationOutcome.Forgotten.class);
  }

  private static void quarantine(Machine machine, DeviceStore store, int n) {
    machine.faults.inject(DiskOperation.READ, Fault.WRONG_BYTES);
    assertThatThrownBy(() -> store.open(Samples.key(n)).orElseThrow().close())
        .isInstanceOf(StoreFault.Damaged.class);
  }

  static byte[] golden(String file) throws IOException {
    try (InputStream in = GoldenDevice.class.getResourceAsStream(FOLDER + file)) {
      assertThat(in).as(file).isNotNull();
      return in.readAllBytes();
    }
  }

  /// Puts the golden files on a machine's disk.
  static void install(Machine machine) throws IOException {
    for (String file : FILES) {
      install(machine, file, golden(file));
    }
  }

  static void install(Machine machine, String file, byte[] content) throws IOException {
    Path path = Machine.ROOT.resolve(file);
    makeWithParents(machine, path.getParent());
    try (DiskFile made = machine.disk.create(path)) {
      made.write(ByteBuffer.wrap(content), 0);
    }
  }

  private static void makeWithParents(Machine machine, Path directory) throws IOException {
    if (!machine.disk.exists(directory)) {
      makeWithParents(machine, directory.getParent());
      machine.disk.createDirectory(directory);
    }
  }

  /// Makes the golden index the machine's.
  ///
  /// @param file its version
  static void installIndex(Machine machine, String file) throws IOException {
    try (KeyValueStore index =
        machine.databases.open(Machine.ROOT.resolve("index"), ObjectIndex.families())) {
      KeyValueBatch batch = index.newBatch();
      for (IndexLine line : indexLines(file)) {
        KeyValueFamily family =
            ObjectIndex.families().stream()
                .filter(known -> known.name().equals(line.family()))
                .findFirst()
                .orElseThrow();
        batch.put(family, line.key(), line.value());
      }
      index.write(batch, WriteMode.NO_LOG);
      index.flush();
    }
  }

  /// One entry of the golden index.
  record IndexLine(String family, byte[] key, byte[] value) {}

  static List<IndexLine> indexLines(String file) throws IOException {
    List<IndexLine> lines = new ArrayList<>();
    String text = new String(golden(file), StandardCharsets.US_ASCII);
    for (String line : text.lines().toList()) {
      String[] parts = line.split(" ", -1);
      lines.add(new IndexLine(parts[0], hex(parts[1]), hex(parts[2])));
    }
    return lines;
  }

  private static byte[] hex(String digits) {
    return HexFormat.of().parseHex(digits);
  }

  /// The index of a machine in the form of the golden one.
  static String indexText(Machine machine) {
    StringBuilder text = new StringBuilder();
    CrashState.index(machine.databases)
        .forEach(
            (family, entries) ->
                entries.forEach(
                    (key, value) -> {
                      text.append(family).append(' ');
                      text.append(HexFormat.of().formatHex(key)).append(' ');
                      text.append(HexFormat.of().formatHex(value)).append('\n');
                    }));
    return text.toString();
  }
}
