package org.martlet.objectserver.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.martlet.common.model.Digest;
import org.martlet.common.model.PartitionId;
import org.martlet.objectserver.index.StateDigest;
import org.martlet.objectserver.state.ObjectKey;

/// What must hold of any store at any time, and what makes it equal to the reference.
final class Checks {
  private Checks() {}

  /// The store holds exactly what the reference does: records, bodies, marks.
  static void holdsExactly(DeviceStore store, Reference reference) throws StoreFault {
    Map<ObjectKey, Reference.Held> found = new HashMap<>();
    Map<ObjectKey, Long> due = dueMasks(store);
    for (IndexedObject object : Everything.of(store)) {
      StoredObject whole = store.read(object.key()).orElseThrow();
      assertThat(whole.sequence()).isEqualTo(object.sequence());
      assertThat(whole.record().state().clocks()).isEqualTo(object.clocks());
      found.put(
          object.key(), new Reference.Held(whole.record(), due.getOrDefault(object.key(), 0L)));
    }
    assertThat(found).isEqualTo(reference.all());
    isConsistent(store);
  }

  /// Bodies are what their ETags say; counts, digests and live bytes are those of what is there.
  static void isConsistent(DeviceStore store) throws StoreFault {
    bodiesAreWhatTheirRecordsSay(store);
    if (store instanceof LogDeviceStore device) {
      auditRaisesNoAlarm(device);
    }
    countsEqualARecomputation(store);
    digestsEqualARecomputation(store, 0, 2, store.leafBits(), store.leafBits() + 3);
    marksBelongToTheirObjects(store);
    expiriesAreThoseOfTheRecords(store);
  }

  /// All that expires is known, in its order, and nothing else.
  static void expiriesAreThoseOfTheRecords(DeviceStore store) throws StoreFault {
    List<DeviceStore.Expiring> expected = new ArrayList<>();
    for (IndexedObject object : Everything.of(store)) {
      long deleteAt = store.read(object.key()).orElseThrow().record().state().deleteAt();
      if (deleteAt > 0) {
        expected.add(new DeviceStore.Expiring(deleteAt, object.key()));
      }
    }
    expected.sort(
        Comparator.comparingLong(DeviceStore.Expiring::deleteAt)
            .thenComparing(DeviceStore.Expiring::key));
    assertThat(store.expiring(Long.MAX_VALUE - 1, Optional.empty(), Integer.MAX_VALUE))
        .isEqualTo(expected);
  }

  static void bodiesAreWhatTheirRecordsSay(DeviceStore store) throws StoreFault {
    for (IndexedObject object : Everything.of(store)) {
      try (OpenObject open = store.open(object.key()).orElseThrow()) {
        byte[] body = Samples.bodyOf(open, 50_000);
        assertThat(open.size()).isEqualTo(object.clocks().size());
        if (object.clocks().isLive()) {
          assertThat(Samples.etag(body)).isEqualTo(object.clocks().etag());
        }
      }
    }
  }

  /// Digests, counts and live bytes equal what the audit computes anew from the entries.
  static void auditRaisesNoAlarm(LogDeviceStore device) {
    device.audit();
    assertThat(device.auditReport().alarms()).isEmpty();
  }

  static void marksBelongToTheirObjects(DeviceStore store) throws StoreFault {
    for (DueMark mark : store.dueMarks(Optional.empty(), Integer.MAX_VALUE)) {
      assertThat(store.lookup(mark.key()).map(IndexedObject::sequence)).contains(mark.sequence());
    }
  }

  private static List<IndexedObject> of(int policy, List<IndexedObject> all) {
    return all.stream().filter(object -> object.key().policy() == policy).toList();
  }

  static void countsEqualARecomputation(DeviceStore store) throws StoreFault {
    List<IndexedObject> all = Everything.of(store);
    for (int policy : store.policies()) {
      List<IndexedObject> objects = of(policy, all);
      List<IndexedObject> live = objects.stream().filter(o -> o.clocks().isLive()).toList();
      assertThat(store.statistics(policy))
          .isEqualTo(
              new PolicyStatistics(
                  live.size(),
                  live.stream().mapToLong(o -> o.clocks().size()).sum(),
                  objects.size() - live.size()));
    }
  }

  /// @param leafBits to compare at: more than are kept are computed by another way, a scan
  static void digestsEqualARecomputation(DeviceStore store, int... leafBits) throws StoreFault {
    List<IndexedObject> all = Everything.of(store);
    for (int policy : store.policies()) {
      for (int bits : leafBits) {
        digestsAre(store, policy, bits, of(policy, all));
      }
    }
  }

  private static void digestsAre(
      DeviceStore store, int policy, int bits, List<IndexedObject> objects) throws StoreFault {
    StateDigest digests =
        new StateDigest("cluster secret".getBytes(java.nio.charset.StandardCharsets.UTF_8));
    TreeMap<Integer, Digest> expected = new TreeMap<>();
    for (IndexedObject object : objects) {
      expected.merge(
          object.key().hash().partition(bits).value(),
          digests.of(object.key(), object.clocks()),
          Digest::xor);
    }
    List<LeafDigest> leaves = new ArrayList<>();
    expected.forEach((leaf, digest) -> leaves.add(new LeafDigest(leaf, digest)));
    assertThat(store.leafDigests(policy, 0, new PartitionId(0), bits)).isEqualTo(leaves);
    for (LeafDigest leaf : leaves) {
      assertThat(store.partitionDigest(policy, bits, new PartitionId(leaf.leaf())))
          .isEqualTo(leaf.digest());
    }
  }

  static Map<ObjectKey, Long> dueMasks(DeviceStore store) throws StoreFault {
    Map<ObjectKey, Long> masks = new HashMap<>();
    for (DueMark mark : store.dueMarks(Optional.empty(), Integer.MAX_VALUE)) {
      masks.merge(mark.key(), 1L << mark.target(), (a, b) -> a | b);
    }
    return masks;
  }
}
