package org.martlet.objectserver.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.martlet.objectserver.state.ObjectKey;

/// What holds of a device that was opened after a power loss, whatever the loss left; each by its
/// name, which a failure tells.
final class CrashInvariants {
  private static final byte PRESENT = 1;

  private CrashInvariants() {}

  /// All that a device holds, read from it.
  static Map<ObjectKey, Reference.Held> found(DeviceStore store) throws StoreFault {
    Map<ObjectKey, Long> due = Checks.dueMasks(store);
    Map<ObjectKey, Reference.Held> found = new HashMap<>();
    for (IndexedObject object : Everything.of(store)) {
      StoredObject whole = store.read(object.key()).orElseThrow();
      assertThat(whole.sequence()).isEqualTo(object.sequence());
      assertThat(whole.record().state().clocks()).isEqualTo(object.clocks());
      long mask = due.getOrDefault(object.key(), 0L);
      found.put(object.key(), new Reference.Held(whole.record(), mask));
    }
    return found;
  }

  private static Set<Optional<Reference.Held>> allowed(ObjectKey key, List<Reference> allowed) {
    return allowed.stream().map(reference -> reference.get(key)).collect(Collectors.toSet());
  }

  private static Set<ObjectKey> keys(
      Map<ObjectKey, Reference.Held> found, List<Reference> allowed) {
    Set<ObjectKey> keys = new HashSet<>(found.keySet());
    allowed.forEach(reference -> keys.addAll(reference.all().keySet()));
    return keys;
  }

  /// Whatever all allowed states agree on is there, to the last mark.
  static void acknowledgedIsDurable(Map<ObjectKey, Reference.Held> found, List<Reference> allowed) {
    for (ObjectKey key : keys(found, allowed)) {
      Set<Optional<Reference.Held>> states = allowed(key, allowed);
      if (states.size() == 1 && states.iterator().next().isPresent()) {
        assertThat(Optional.ofNullable(found.get(key))).as("acknowledged is durable").isIn(states);
      }
    }
  }

  /// Of an operation under way all is there, or nothing.
  static void unacknowledgedIsWholeOrAbsent(
      Map<ObjectKey, Reference.Held> found, List<Reference> allowed) {
    for (ObjectKey key : keys(found, allowed)) {
      Set<Optional<Reference.Held>> states = allowed(key, allowed);
      if (states.size() > 1) {
        assertThat(Optional.ofNullable(found.get(key)))
            .as("unacknowledged is whole or absent")
            .isIn(states);
      }
    }
  }

  /// What no allowed state has is not there.
  static void nothingResurrects(Map<ObjectKey, Reference.Held> found, List<Reference> allowed) {
    Set<ObjectKey> known = keys(Map.of(), allowed);
    assertThat(known).as("nothing resurrects").containsAll(found.keySet());
  }

  /// A power loss damages nothing, and never sends the index ahead of the log: what survived of it
  /// is used.
  ///
  /// @param before what survived of the index
  static void whatSurvivedIsUsed(
      RecoveryReport report, Map<String, SortedMap<byte[], byte[]>> before) {
    assertThat(report.damagedBytes()).as("a power loss damages nothing").isZero();
    boolean whole =
        before.containsKey("meta")
            && before.get("meta").keySet().stream().anyMatch(key -> key[0] == 'p')
            && before.get("meta").keySet().stream().anyMatch(key -> key[0] == 'i');
    if (whole) {
      assertThat(report.indexRebuilt()).as("the index is never ahead of the log").isFalse();
    }
  }

  static void bodiesAreWhatTheirRecordsSay(DeviceStore store) throws StoreFault {
    Checks.bodiesAreWhatTheirRecordsSay(store);
  }

  static void digestsEqualARecomputation(DeviceStore store) throws StoreFault {
    Checks.digestsEqualARecomputation(store, 0, store.leafBits());
  }

  static void countsEqualARecomputation(DeviceStore store) throws StoreFault {
    Checks.countsEqualARecomputation(store);
    Checks.marksBelongToTheirObjects(store);
    Checks.expiriesAreThoseOfTheRecords(store);
  }

  /// The audit, which recomputes also the live bytes of each volume, finds nothing to complain of.
  static void liveBytesEqualARecomputation(LogDeviceStore store) {
    Checks.auditRaisesNoAlarm(store);
    assertThat(store.auditReport().damagedSinceOpen()).isZero();
    assertThat(store.auditReport().unreadable()).isZero();
  }

  /// Every blob file belongs to an object, and no object lacks its file.
  static void noOrphanBlobSurvives(Machine machine) {
    Set<String> files =
        machine.disk.contents().keySet().stream()
            .filter(path -> path.startsWith(Machine.ROOT.resolve("blobs")))
            .map(path -> path.getFileName().toString())
            .collect(Collectors.toSet());
    Set<String> referenced =
        CrashState.index(machine.databases).get("blobs").keySet().stream()
            .map(id -> java.util.HexFormat.of().formatHex(id))
            .collect(Collectors.toSet());
    assertThat(files).as("no orphan blob survives").isEqualTo(referenced);
  }

  /// Opened again and again it holds the same.
  static void replayIsIdempotent(
      Map<ObjectKey, Reference.Held> first, Map<ObjectKey, Reference.Held> again) {
    assertThat(again).as("replay is idempotent").isEqualTo(first);
  }

  /// An index made from the volumes alone says the same as the one that was kept: entries, digests,
  /// marks, blobs, counts and live bytes. Only gone entries may be missing from the one that was
  /// kept, since compaction forgets them before it removes their volume; gone bytes are the same
  /// where they are not.
  static void rebuiltIndexEqualsTheIndex(
      Map<String, SortedMap<byte[], byte[]>> kept, Map<String, SortedMap<byte[], byte[]>> rebuilt) {
    for (String family : List.of("due", "expiries", "digests", "blobs")) {
      assertThat(text(rebuilt.get(family)))
          .as("rebuilt " + family)
          .isEqualTo(text(kept.get(family)));
    }
    Map<String, String> expected = text(kept.get("objects"));
    Map<String, String> found = text(rebuilt.get("objects"));
    boolean sameGone = expected.equals(found);
    text(gone(rebuilt.get("objects"))).forEach(expected::putIfAbsent);
    assertThat(found).as("rebuilt objects").isEqualTo(expected);
    assertThat(meta(rebuilt.get("meta"), sameGone))
        .as("rebuilt counts")
        .isEqualTo(meta(kept.get("meta"), sameGone));
  }

  private static Map<String, String> text(SortedMap<byte[], byte[]> table) {
    Map<String, String> text = new TreeMap<>();
    table.forEach((key, value) -> text.put(Arrays.toString(key), Arrays.toString(value)));
    return text;
  }

  private static SortedMap<byte[], byte[]> gone(SortedMap<byte[], byte[]> entries) {
    SortedMap<byte[], byte[]> gone = new TreeMap<>(entries);
    gone.values().removeIf(entry -> (entry[1] & PRESENT) != 0);
    return gone;
  }

  private static Map<String, String> meta(SortedMap<byte[], byte[]> meta, boolean withGoneBytes) {
    SortedMap<byte[], byte[]> wanted = new TreeMap<>(meta);
    wanted
        .keySet()
        .removeIf(key -> key[0] != 'c' && key[0] != 'v' && !(withGoneBytes && key[0] == 'g'));
    wanted.values().removeIf(value -> ByteBuffer.wrap(value).equals(ByteBuffer.allocate(24)));
    return text(wanted);
  }
}
