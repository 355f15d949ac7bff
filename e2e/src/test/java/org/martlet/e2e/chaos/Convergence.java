package org.martlet.e2e.chaos;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.martlet.common.model.Digest;
import org.martlet.common.model.PartitionId;
import org.martlet.common.replication.DigestTable;
import org.martlet.common.ring.Ring;
import org.martlet.common.ring.RingDevice;
import org.martlet.common.ring.RingFile;
import org.martlet.common.ring.RingFileException;

/// Whether all replicas are equal and everything is where the ring says: by the digests of every
/// device, which do not ask the replicators what they think.
final class Convergence {
  private static final int NAMED = 8;

  private final ChaosCluster cluster;

  Convergence(ChaosCluster cluster) {
    this.cluster = cluster;
  }

  /// What is not in its place, in words; empty if nothing is.
  List<String> differences() throws IOException {
    List<String> found = new ArrayList<>();
    for (String service : ClusterFiles.SERVICES) {
      compare(service, found);
    }
    return found;
  }

  private void compare(String service, List<String> found) throws IOException {
    Ring ring = ring(service);
    SortedMap<Integer, SortedMap<Integer, Digest>> devices = new TreeMap<>();
    for (RingDevice device : ring.devices()) {
      devices.put(device.id().value(), roots(service, device, ring.partPower()));
    }
    for (int p = 0; p < ring.partitionCount() && found.size() < NAMED; p++) {
      PartitionId partition = new PartitionId(p);
      List<RingDevice> primaries = ring.primaries(partition);
      Digest wanted = digest(devices, primaries.getFirst(), p);
      for (RingDevice device : ring.devices()) {
        boolean isPrimary = primaries.contains(device);
        Digest has = digest(devices, device, p);
        if (!has.equals(isPrimary ? wanted : Digest.ZERO)) {
          found.add(
              "%s partition %d: %s %s differs (%s)"
                  .formatted(service, p, isPrimary ? "primary" : "handoff", device.label(), has));
        }
      }
    }
  }

  private static Digest digest(
      SortedMap<Integer, SortedMap<Integer, Digest>> devices, RingDevice device, int partition) {
    return devices.get(device.id().value()).getOrDefault(partition, Digest.ZERO);
  }

  private Ring ring(String service) throws IOException {
    try {
      return RingFile.read(cluster.files().rings().resolve(service + ".ring.gz"));
    } catch (RingFileException e) {
      throw new IOException(e);
    }
  }

  private SortedMap<Integer, Digest> roots(String service, RingDevice device, int partPower)
      throws IOException {
    String target =
        service.equals("object")
            ? "/" + device.device() + "/replication/roots?policy=0&part_power=" + partPower
            : "/" + device.device() + "/replication/roots?part_power=" + partPower;
    HttpResponse<byte[]> answer = cluster.backend().get(device.address(), target);
    if (answer.statusCode() != 200) {
      throw new IOException(device.label() + " answers " + answer.statusCode() + " to " + target);
    }
    return DigestTable.decode(answer.body());
  }
}
