package org.martlet.objectserver.server;

import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.martlet.common.http.Body;
import org.martlet.common.http.Headers;
import org.martlet.common.http.Refused;
import org.martlet.common.http.Response;
import org.martlet.common.model.Digest;
import org.martlet.common.model.ObjectHash;
import org.martlet.common.model.PartitionId;
import org.martlet.common.protocol.BackendHeaders;
import org.martlet.common.replication.DigestTable;
import org.martlet.objectserver.store.DeviceStore;
import org.martlet.objectserver.store.LeafDigest;
import org.martlet.objectserver.store.StoreFault;

/// `/<device>/replication/roots` and `…/leaves`: the digests of what a device holds.
///
/// Both are answered from the digests that the committer keeps: no record is looked at, unless the
/// part power is above the device's leaf bits.
final class DigestExchange {
  /// A leaf table of one partition has room for this many more bits than the part power.
  private static final int MAX_BITS_BELOW = 16;

  private final Primaries primaries;
  private final WholeBody bodies;

  DigestExchange(Primaries primaries, WholeBody bodies) {
    this.primaries = primaries;
    this.bodies = bodies;
  }

  /// The digests of all partitions that the device holds anything of.
  CompletableFuture<Response> roots(Device device, int policy, ReplicationQuery query) {
    int partPower = query.partPower();
    int first = (int) query.number("first", 0, 0, (1L << partPower) - 1);
    return device.lane().call(() -> roots(device.store(), policy, partPower, first));
  }

  private static Response roots(DeviceStore store, int policy, int partPower, int first)
      throws StoreFault {
    SortedMap<Integer, Digest> all = store.partitionDigests(policy, partPower).tailMap(first);
    Headers headers = PeerAnswers.binary();
    if (all.size() > DigestTable.MAX_ENTRIES) {
      int next = all.keySet().stream().skip(DigestTable.MAX_ENTRIES).findFirst().orElseThrow();
      headers.set(BackendHeaders.NEXT_PARTITION, next);
      all = all.headMap(next);
    }
    return PeerAnswers.of(headers, DigestTable.encode(all));
  }

  /// Of the digests that a peer sends, those in which the device differs, as they are here.
  CompletableFuture<Response> differing(
      Device device, int policy, ReplicationQuery query, Body body) {
    int partPower = query.partPower();
    return bodies.read(
        device,
        body,
        DigestTable.MAX_BYTES,
        bytes -> {
          SortedMap<Integer, Digest> theirs = DigestTable.decode(bytes);
          if (!theirs.isEmpty() && theirs.lastKey() >>> partPower != 0) {
            throw new Refused(400, "There is no partition " + theirs.lastKey());
          }
          return device.lane().call(() -> differing(device.store(), policy, partPower, theirs));
        });
  }

  private static Response differing(
      DeviceStore store, int policy, int partPower, SortedMap<Integer, Digest> theirs)
      throws StoreFault {
    SortedMap<Integer, Digest> ours = store.partitionDigests(policy, partPower);
    SortedMap<Integer, Digest> differing = new TreeMap<>();
    theirs.forEach(
        (partition, digest) -> {
          Digest here = ours.getOrDefault(partition, Digest.ZERO);
          if (!here.equals(digest)) {
            differing.put(partition, here);
          }
        });
    return PeerAnswers.of(DigestTable.encode(differing));
  }

  /// The digests of the leaves of one partition.
  CompletableFuture<Response> leaves(Device device, int policy, ReplicationQuery query) {
    int partPower = query.partPower();
    PartitionId partition =
        new PartitionId((int) query.number("partition", 0, (1L << partPower) - 1));
    int wanted = (int) query.number("bits", 0, 31);
    int most = Math.clamp(device.store().leafBits(), partPower, partPower + MAX_BITS_BELOW);
    int bits = Math.clamp(wanted, partPower, most);
    ObjectHash first = Primaries.first(partition, partPower);
    Headers headers = PeerAnswers.binary();
    headers.set(BackendHeaders.LEAF_BITS, bits);
    headers.set(BackendHeaders.PRIMARY, "" + primaries.isPrimary(policy, first, device));
    return device
        .lane()
        .call(
            () ->
                PeerAnswers.of(
                    headers,
                    table(device.store().leafDigests(policy, partPower, partition, bits))));
  }

  private static byte[] table(List<LeafDigest> leaves) {
    SortedMap<Integer, Digest> table = new TreeMap<>();
    leaves.forEach(leaf -> table.put(leaf.leaf(), leaf.digest()));
    return DigestTable.encode(table);
  }
}
