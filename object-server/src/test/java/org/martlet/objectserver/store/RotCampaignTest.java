package org.martlet.objectserver.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.martlet.common.device.DeviceRefused;
import org.martlet.common.disk.CrashChoice;
import org.martlet.common.disk.DiskFile;
import org.martlet.common.model.ByteSize;
import org.martlet.objectserver.state.ObjectKey;

/// One byte rots, in every field of every record, header and blob of a device that holds every kind
/// of record: while the device is open, while it is closed, and with its index lost as well.
///
/// `-Drot.every=1` turns over each byte of each field instead of one.
class RotCampaignTest {
  private static final byte[] SMALL = Samples.body(1, 1000);
  private static final byte[] BLOCKS = Samples.body(2, 70_000);
  private static final byte[] LARGE = Samples.body(3, 140_000);
  private static final int PUT_AFTERWARDS = 50;
  private static final boolean EVERY_BYTE = Boolean.getBoolean("rot.every");

  private Machine device = Machine.fresh();
  private final Map<ObjectKey, Set<Reference.Held>> history = new HashMap<>();
  private Map<ObjectKey, Reference.Held> newest = new HashMap<>();
  private final List<RotField> fields = new ArrayList<>();

  private static DeviceStoreConfig config() {
    DeviceStoreConfig usual = Machine.config();
    return new DeviceStoreConfig(
        usual.root(),
        ByteSize.ofKiB(80),
        ByteSize.ofKiB(60),
        usual.space(),
        usual.queue(),
        usual.background(),
        usual.leafBits());
  }

  @BeforeEach
  void fill() throws IOException {
    try (LogDeviceStore store = device.open(config())) {
      fill(store);
      newest = CrashInvariants.found(store);
      store.audit();
    }
    device.files(path -> path.toString().endsWith(".vol")).stream()
        .map(path -> RotField.ofVolume(path, content(path)))
        .forEach(fields::addAll);
    device.files(path -> path.toString().contains("/blobs/")).stream()
        .map(path -> RotField.ofBlob(path, LARGE.length, content(path).length))
        .forEach(fields::addAll);
  }

  private byte[] content(Path path) {
    return device.disk.contents().get(path);
  }

  private void fill(LogDeviceStore store) throws IOException {
    // Volume 1: mostly overwritten later, so that compaction relocates what is left of it.
    submit(store, Samples.put(20, 10, SMALL, DueTargets.of(1)));
    submit(store, Samples.delete(21, 10));
    submit(store, Samples.put(22, 10, BLOCKS));
    submit(store, Samples.put(22, 11, SMALL));
    store.compact();
    // What follows is kept, in volumes that are not rewritten.
    submit(store, Samples.put(0, 10, SMALL));
    submit(store, Samples.put(1, 10, BLOCKS));
    submit(store, Samples.put(2, 10, SMALL));
    submit(store, Samples.post(2, 20, true));
    submit(store, Samples.put(3, 10, SMALL));
    submit(store, Samples.delete(3, 20));
    Samples.putBlob(store, 4, 10, LARGE);
    Samples.putBlob(store, 5, 10, LARGE);
    note(store);
    submit(store, Samples.post(5, 20, false));
    note(store);
    forget(store, 6, Mutation.Forget.Reason.DROPPED);
    submit(store, Samples.put(7, 10, SMALL));
    submit(store, Samples.delete(7, 20));
    forgetNow(store, 7, Mutation.Forget.Reason.PURGED);
    submit(store, Samples.put(8, 10, SMALL));
    note(store);
    Path volume = device.volumes().getLast();
    device.flip(volume, content(volume).length - 500);
    assertThat(catchDamage(() -> store.open(Samples.key(8)).orElseThrow().close())).isTrue();
    submit(store, Samples.put(9, 10, BLOCKS));
    submit(store, Samples.put(10, 10, SMALL));
    submit(store, Samples.put(11, 10, SMALL));
    note(store);
    Set<Integer> codes = new HashSet<>();
    for (Path path : device.volumes()) {
      RotField.ofVolume(path, content(path)).stream()
          .filter(field -> field.name().endsWith(": kind"))
          .forEach(field -> codes.add((int) content(path)[(int) field.offset()]));
    }
    assertThat(codes).as("kinds of records").containsExactlyInAnyOrder(1, 2, 3, 4, 5, 6, 7, 8);
  }

  private void submit(LogDeviceStore store, Mutation mutation) throws IOException {
    assertThat(store.submit(mutation).join()).isInstanceOf(MutationOutcome.Stored.class);
    note(store);
  }

  private void forget(LogDeviceStore store, int n, Mutation.Forget.Reason reason)
      throws IOException {
    submit(store, Samples.put(n, 10, SMALL));
    forgetNow(store, n, reason);
  }

  private static void forgetNow(LogDeviceStore store, int n, Mutation.Forget.Reason reason)
      throws IOException {
    long sequence = store.lookup(Samples.key(n)).orElseThrow().sequence();
    assertThat(store.submit(new Mutation.Forget(Samples.key(n), reason, sequence)).join())
        .isInstanceOf(MutationOutcome.Forgotten.class);
  }

  /// Keeps every state that anybody was ever told of.
  private void note(LogDeviceStore store) throws IOException {
    CrashInvariants.found(store)
        .forEach((key, held) -> history.computeIfAbsent(key, k -> new HashSet<>()).add(held));
  }

  private interface Read {
    void run() throws IOException;
  }

  private static boolean catchDamage(Read read) throws IOException {
    try {
      read.run();
      return false;
    } catch (StoreFault.Damaged e) {
      return true;
    }
  }

  private enum When {
    WHILE_OPEN,
    WHILE_CLOSED,
    AND_THE_INDEX_IS_LOST
  }

  /// What is found of one rotten byte.
  private record Finding(Set<ObjectKey> lost, boolean noticed, Machine machine) {}

  @Test
  void whatRotsWhileTheDeviceIsOpenIsFoundAndNeverServed() throws IOException {
    campaign(When.WHILE_OPEN);
  }

  @Test
  void whatRotsWhileTheDeviceIsClosedIsFoundAndNeverServed() throws IOException {
    campaign(When.WHILE_CLOSED);
  }

  @Test
  void whatRotsBeforeTheIndexIsRebuiltIsNeverServed() throws IOException {
    campaign(When.AND_THE_INDEX_IS_LOST);
  }

  private void campaign(When when) throws IOException {
    Set<Spot> inUse = inUse();
    for (RotField field : fields) {
      for (long offset : offsets(field)) {
        Finding finding = rot(field, offset, when);
        boolean matters = matters(field, inUse);
        assertThat(finding.noticed() || !matters).as("noticed: %s, %s", field, when).isTrue();
        assertThat(finding.lost())
            .as("lost by %s, %s", field, when)
            .hasSizeLessThanOrEqualTo(matters ? 1 : 0);
        if (when != When.AND_THE_INDEX_IS_LOST) {
          nothingComesBack(field, finding);
        }
      }
    }
  }

  private static long[] offsets(RotField field) {
    if (!EVERY_BYTE) {
      return new long[] {field.offset() + field.width() / 2};
    }
    int step = Math.max(1, field.width() / 64);
    return LongStream.iterate(
            field.offset(), at -> at < field.offset() + field.width(), at -> at + step)
        .toArray();
  }

  private Finding rot(RotField field, long offset, When when) throws IOException {
    Machine machine = device.asAfter(CrashChoice.keepEverything());
    machine = when == When.AND_THE_INDEX_IS_LOST ? machine.withoutIndex() : machine;
    if (when != When.WHILE_OPEN) {
      machine.flip(field.file(), offset);
    }
    try (LogDeviceStore store = machine.open(config())) {
      if (when == When.WHILE_OPEN) {
        machine.flip(field.file(), offset);
      }
      boolean noticed = readEverything(store, when);
      store.audit();
      RecoveryReport recovery = store.recovery();
      noticed |=
          store.auditReport().damagedSinceOpen() > 0
              || recovery.damagedBytes() > 0
              || recovery.cutBytes() > 0
              || (recovery.indexRebuilt() && when != When.AND_THE_INDEX_IS_LOST);
      Checks.isConsistent(store);
      Set<ObjectKey> lost = new HashSet<>(newest.keySet());
      lost.removeAll(CrashInvariants.found(store).keySet());
      assertThat(store.submit(Samples.put(PUT_AFTERWARDS, 100, SMALL)).join())
          .as("puts go on: %s", field)
          .isInstanceOf(MutationOutcome.Stored.class);
      return new Finding(lost, noticed, machine);
    }
  }

  /// Every object has the state that it should have, and the right bytes, or none.
  ///
  /// @return whether damage was met
  private boolean readEverything(LogDeviceStore store, When when) throws IOException {
    boolean damaged = false;
    for (IndexedObject object : Everything.of(store)) {
      ObjectKey key = object.key();
      damaged |= catchDamage(() -> read(store, key, when));
    }
    return damaged;
  }

  private void read(LogDeviceStore store, ObjectKey key, When when) throws IOException {
    try (OpenObject open = store.open(key).orElseThrow()) {
      var state = open.object().record();
      if (when == When.AND_THE_INDEX_IS_LOST) {
        assertThat(history.get(key)).extracting(Reference.Held::record).contains(state);
      } else {
        assertThat(newest).containsKey(key);
        assertThat(state).isEqualTo(newest.get(key).record());
      }
      if (state.state().isLive()) {
        assertThat(Samples.etag(Samples.bodyOf(open, 50_000)))
            .isEqualTo(state.state().data().etag());
      }
    }
  }

  /// A rebuild of the index does not bring back what went to quarantine.
  private void nothingComesBack(RotField field, Finding finding) throws IOException {
    try (LogDeviceStore again = finding.machine().withoutIndex().open(config())) {
      Map<ObjectKey, Reference.Held> found = new HashMap<>(CrashInvariants.found(again));
      found.remove(Samples.key(PUT_AFTERWARDS));
      Map<ObjectKey, Reference.Held> expected = new HashMap<>(newest);
      finding.lost().forEach(expected::remove);
      assertThat(found).as("after a rebuild, %s", field).isEqualTo(expected);
    }
  }

  /// A record.
  private record Spot(Path file, long offset) {}

  /// Whether anything depends on a field. Gone records are their headers; of the two headers of a
  /// volume one suffices.
  private static boolean matters(RotField field, Set<Spot> inUse) {
    if (field.record() < 0) {
      return !field.name().startsWith("volume header");
    }
    boolean gone = field.name().matches("(drop|purge|quarantine): .*");
    return inUse.contains(new Spot(field.file(), field.record()))
        && !(gone && field.offset() >= field.record() + 64);
  }

  /// The records that decide about a key, or hold its body.
  private Set<Spot> inUse() {
    Map<String, Long> highest = new HashMap<>();
    Map<String, Set<Spot>> spots = new HashMap<>();
    for (RotField field : fields) {
      if (!field.name().endsWith(": magic") || field.record() < 0) {
        continue;
      }
      ByteBuffer bytes = ByteBuffer.wrap(content(field.file())).order(ByteOrder.LITTLE_ENDIAN);
      int at = (int) field.record();
      String key = bytes.getShort(at + 8) + "/" + bytes.getLong(at + 24) + bytes.getLong(at + 32);
      long sequence = bytes.getLong(at + 16);
      if (sequence > highest.getOrDefault(key, -1L)) {
        highest.put(key, sequence);
        Set<Spot> its = new HashSet<>(Set.of(new Spot(field.file(), at)));
        int envelope = at + 64;
        if (bytes.getInt(at + 12) > 0 && bytes.get(envelope + 86) == 2) {
          String volume = String.format("%08x.vol", bytes.getInt(envelope + 87));
          its.add(new Spot(field.file().resolveSibling(volume), bytes.getLong(envelope + 91)));
        }
        spots.put(key, its);
      }
    }
    return spots.values().stream().flatMap(Set::stream).collect(Collectors.toSet());
  }

  private enum Loss {
    ALL {
      @Override
      void of(Machine machine, Path file) throws IOException {
        machine.disk.delete(file);
        machine.disk.syncDirectory(file.getParent());
      }
    },
    SECOND_HALF {
      @Override
      void of(Machine machine, Path file) throws IOException {
        try (DiskFile open = machine.disk.openForWrite(file)) {
          open.truncate(open.size() / 2);
          open.force(true);
        }
      }
    },
    EVERYTHING_BUT_ITS_LENGTH {
      @Override
      void of(Machine machine, Path file) throws IOException {
        try (DiskFile open = machine.disk.openForWrite(file)) {
          open.write(ByteBuffer.allocate((int) open.size()), 0);
          open.force(true);
        }
      }
    },
    A_SECTOR_OF_4_KIB {
      @Override
      void of(Machine machine, Path file) throws IOException {
        try (DiskFile open = machine.disk.openForWrite(file)) {
          long from = open.size() / 2 / 4096 * 4096;
          open.write(ByteBuffer.allocate((int) Math.min(4096, open.size() - from)), from);
          open.force(true);
        }
      }
    };

    abstract void of(Machine machine, Path file) throws IOException;
  }

  @Test
  void aFileThatLosesAnyPartOfItselfTakesOnlyWhatWasInIt() throws IOException {
    List<Path> files =
        device.files(path -> path.toString().matches(".*/(volumes|blobs)/.*[0-9a-f](\\.vol)?"));
    assertThat(files).hasSizeGreaterThan(4);
    for (Path file : files) {
      for (Loss loss : Loss.values()) {
        lose(file, loss);
      }
    }
  }

  private void lose(Path file, Loss loss) throws IOException {
    Machine machine = device.asAfter(CrashChoice.keepEverything());
    loss.of(machine, file);
    Map<ObjectKey, Reference.Held> found;
    try (LogDeviceStore store = machine.open(config())) {
      // A volume that is gone may have held what said that something older is over.
      boolean noticed = readEverything(store, When.AND_THE_INDEX_IS_LOST);
      store.audit();
      noticed |= store.auditReport().damagedSinceOpen() > 0;
      noticed |= store.recovery().indexRebuilt() || store.recovery().damagedBytes() > 0;
      assertThat(noticed).as("noticed: %s of %s", loss, file).isTrue();
      Checks.isConsistent(store);
      found = CrashInvariants.found(store);
      assertThat(store.submit(Samples.put(PUT_AFTERWARDS, 100, SMALL)).join())
          .isInstanceOf(MutationOutcome.Stored.class);
    }
    try (LogDeviceStore again = machine.open(config())) {
      Map<ObjectKey, Reference.Held> later = new HashMap<>(CrashInvariants.found(again));
      later.remove(Samples.key(PUT_AFTERWARDS));
      assertThat(later).as("opened again: %s of %s", loss, file).isEqualTo(found);
    }
  }

  @Test
  void anIdentityWithAnyRottenByteIsRefusedOrStillTheSame() throws IOException {
    Path identity = Machine.ROOT.resolve("device.json");
    for (int offset = 0; offset < content(identity).length; offset++) {
      Machine machine = device.asAfter(CrashChoice.keepEverything());
      machine.flip(identity, offset);
      try (LogDeviceStore store = machine.open(config())) {
        assertThat(CrashInvariants.found(store)).as("byte " + offset).isEqualTo(newest);
      } catch (DeviceRefused e) {
        assertThat(e.getMessage()).contains(Machine.ROOT.toString());
      }
    }
  }
}
