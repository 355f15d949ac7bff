package org.martlet.replicator.run;

import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.martlet.common.http.Headers;
import org.martlet.common.model.Digest;
import org.martlet.common.model.PartitionId;
import org.martlet.common.protocol.BackendHeaders;
import org.martlet.common.replication.DigestTable;
import org.martlet.replicator.plan.DigestSet;
import org.martlet.replicator.plan.Leaf;

/// The upper levels of the comparison over HTTP, which are the same in all spaces.
///
/// - Source: docs/http-api.md, "Replication".
public class HttpReplica implements Replica {
  private static final String ROOTS = "/replication/roots";

  private final DeviceCalls calls;
  private final @Nullable Integer policy;

  /// @param policy of objects; null for listings
  protected HttpReplica(DeviceCalls calls, @Nullable Integer policy) {
    this.calls = calls;
    this.policy = policy;
  }

  protected final DeviceCalls calls() {
    return calls;
  }

  /// A path with its query; the policy is added where there is one.
  ///
  /// @param parameters names and values in turn, which need no encoding
  protected final String path(String path, String... parameters) {
    StringBuilder text = new StringBuilder(path);
    char separator = '?';
    if (policy != null) {
      text.append("?policy=").append(policy);
      separator = '&';
    }
    for (int i = 0; i < parameters.length; i += 2) {
      text.append(separator).append(parameters[i]).append('=').append(parameters[i + 1]);
      separator = '&';
    }
    return text.toString();
  }

  @Override
  public SortedMap<PartitionId, Digest> roots(int partPower) throws ReplicaFault {
    SortedMap<PartitionId, Digest> all = new TreeMap<>();
    int first = 0;
    while (first >= 0) {
      int from = first;
      String path =
          path(ROOTS, "part_power", Integer.toString(partPower), "first", Integer.toString(from));
      first =
          calls.get(
              path,
              DigestTable.MAX_BYTES,
              answer -> {
                all.putAll(partitions(answer, partPower));
                return next(answer, from);
              });
    }
    return all;
  }

  /// Where an answer that was cut short goes on, −1 if it was not.
  private static int next(DeviceCalls.Answer answer, int from) {
    if (!answer.headers().contains(BackendHeaders.NEXT_PARTITION)) {
      return -1;
    }
    int next = number(answer.headers(), BackendHeaders.NEXT_PARTITION);
    if (next <= from) {
      throw new IllegalArgumentException("the digests would go on at " + next);
    }
    return next;
  }

  @Override
  public SortedMap<PartitionId, Digest> differing(
      int partPower, SortedMap<PartitionId, Digest> ours) throws ReplicaFault {
    SortedMap<Integer, Digest> table = new TreeMap<>();
    ours.forEach((partition, digest) -> table.put(partition.value(), digest));
    String path = path(ROOTS, "part_power", Integer.toString(partPower));
    byte[] body = DigestTable.encode(table);
    SortedMap<PartitionId, Digest> theirs =
        calls.post(path, body, body.length, answer -> partitions(answer, partPower));
    theirs.keySet().retainAll(ours.keySet());
    return theirs;
  }

  private static SortedMap<PartitionId, Digest> partitions(
      DeviceCalls.Answer answer, int partPower) {
    SortedMap<PartitionId, Digest> partitions = new TreeMap<>();
    for (Map.Entry<Integer, Digest> entry : DigestTable.decode(answer.body()).entrySet()) {
      if (entry.getKey() >= 1L << partPower) {
        throw new IllegalArgumentException("there is no partition " + entry.getKey());
      }
      partitions.put(new PartitionId(entry.getKey()), entry.getValue());
    }
    return partitions;
  }

  @Override
  public LeafDigests leaves(int partPower, PartitionId partition, int bits) throws ReplicaFault {
    String path =
        path(
            "/replication/leaves",
            "part_power",
            Integer.toString(partPower),
            "partition",
            partition.toString(),
            "bits",
            Integer.toString(bits));
    return calls.get(path, DigestTable.MAX_BYTES, answer -> leavesOf(answer, partPower, partition));
  }

  private static LeafDigests leavesOf(
      DeviceCalls.Answer answer, int partPower, PartitionId partition) {
    int bits = number(answer.headers(), BackendHeaders.LEAF_BITS);
    if (bits < partPower) {
      throw new IllegalArgumentException("leaves of " + bits + " bits, coarser than a partition");
    }
    Map<Leaf, Digest> leaves = new TreeMap<>();
    for (Map.Entry<Integer, Digest> entry : DigestTable.decode(answer.body()).entrySet()) {
      Leaf leaf = new Leaf(bits, entry.getKey());
      if (!leaf.range().first().partition(partPower).equals(partition)) {
        throw new IllegalArgumentException("a leaf of another partition: " + entry.getKey());
      }
      leaves.put(leaf, entry.getValue());
    }
    return new LeafDigests(bits, isPrimary(answer.headers()), DigestSet.of(leaves));
  }

  @Override
  public void inTouch() throws ReplicaFault {
    calls.post("/replication/in-touch", new byte[0], 0, answer -> true);
  }

  /// Whether the answering device says that it is a primary of what was asked about.
  ///
  /// @throws IllegalArgumentException if it does not say
  protected static boolean isPrimary(Headers headers) {
    return switch (headers.getOr(BackendHeaders.PRIMARY, "")) {
      case "true" -> true;
      case "false" -> false;
      default -> throw new IllegalArgumentException(BackendHeaders.PRIMARY + " is missing");
    };
  }

  private static int number(Headers headers, String name) {
    return Integer.parseInt(headers.getOr(name, "missing"));
  }
}
