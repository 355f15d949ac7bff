package org.martlet.device;

import java.util.ArrayList;
import java.util.List;
import org.martlet.cluster.Cluster;
import org.martlet.common.http.Headers;
import org.martlet.common.http.PercentCoding;
import org.martlet.common.model.ObjectHash;
import org.martlet.common.model.ObjectPath;
import org.martlet.common.model.PartitionId;
import org.martlet.common.protocol.BackendHeaders;
import org.martlet.common.protocol.BackendSignature;
import org.martlet.common.protocol.StoragePolicy;
import org.martlet.common.ring.Ring;
import org.martlet.common.ring.RingDevice;

/// Where the ring places an object.
///
/// @param version of the ring
/// @param nodes primaries in their order, then as many handoffs
record Placement(
    int policy, String policyName, int partition, int partitions, long version, List<Node> nodes) {

  /// A device that should have the object, or stands in for one.
  ///
  /// @param role `primary 0`, …, `handoff`
  /// @param curl a command that asks it, signed, good for five minutes
  record Node(String role, String device, String address, String zone, String curl) {}

  static Placement of(
      Cluster cluster,
      StoragePolicy policy,
      ObjectPath path,
      ObjectHash hash,
      BackendSignature signature) {
    Ring ring = cluster.objectRing(policy).current();
    PartitionId partition = ring.partition(hash);
    List<Node> nodes = new ArrayList<>();
    List<RingDevice> primaries = ring.primaries(partition);
    for (int i = 0; i < primaries.size(); i++) {
      nodes.add(node("primary " + i, primaries.get(i), partition, policy, path, signature));
    }
    int left = primaries.size();
    for (RingDevice handoff : ring.handoffs(partition)) {
      if (left-- == 0) {
        break;
      }
      nodes.add(node("handoff", handoff, partition, policy, path, signature));
    }
    return new Placement(
        policy.index(),
        policy.name(),
        partition.value(),
        ring.partitionCount(),
        ring.version(),
        nodes);
  }

  private static Node node(
      String role,
      RingDevice device,
      PartitionId partition,
      StoragePolicy policy,
      ObjectPath path,
      BackendSignature signature) {
    String target =
        "/" + device.device() + "/" + partition.value() + PercentCoding.encodePath(path.toString());
    Headers headers = new Headers();
    headers.set(BackendHeaders.POLICY_INDEX, policy.index());
    signature.sign("HEAD", target, 0, headers);
    StringBuilder curl = new StringBuilder("curl -g -I --path-as-is");
    headers.forEach((name, value) -> curl.append(" -H '").append(name + ": " + value).append('\''));
    curl.append(" 'http://").append(device.address()).append(target);
    return new Node(
        role,
        device.device(),
        device.address(),
        "r" + device.region() + "z" + device.zone(),
        curl.append('\'').toString());
  }
}
