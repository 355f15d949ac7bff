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
  private final List<String> services = new ArrayList<>();

  /// Asks the first node which services compare replicas at all.
  Convergence(ChaosCluster cluster) throws IOException {
    this.cluster = cluster;
    for (String service : ClusterFiles.SERVICES) {
      Ring ring = ring(service);
      RingDevice any = ring.devices().getFirst();
      if (ask(service, any, ring.partPower()).statusCode() == 200) {
        services.add(service);
      }
    }
  }

  /// Whether every service compares and repairs its replicas; else nothing can be lost and found.
  boolean isComplete() {
    return services.containsAll(ClusterFiles.SERVICES);
  }

  /// What is not in its place, in words; empty if nothing is.
  List<String> differences() throws IOException {
    List<String> found = new ArrayList<>();
    for (String service : services) {
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
    HttpResponse<byte[]> answer = ask(service, device, partPower);
    if (answer.statusCode() != 200) {
      throw new IOException(device.label() + " answers " + answer.statusCode() + " to " + service);
    }
    return DigestTable.decode(answer.body());
  }

  private HttpResponse<byte[]> ask(String service, RingDevice device, int partPower)
      throws IOException {
    String policy = service.equals("object") ? "policy=0&" : "";
    String target =
        "/" + device.device() + "/replication/roots?" + policy + "part_power=" + partPower;
    return cluster.backend().get(device.address(), target);
  }
}
