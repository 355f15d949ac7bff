package org.martlet.e2e.chaos;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.martlet.common.model.ObjectPath;
import org.martlet.common.model.PartitionId;
import org.martlet.common.model.PathHasher;
import org.martlet.common.ring.Ring;
import org.martlet.common.ring.RingDevice;
import org.martlet.common.ring.RingFile;
import org.martlet.common.ring.RingFileException;
import org.martlet.e2e.chaos.ObjectTruth.State;

/// Compares everything that a quiet cluster holds with what clients were told.
final class Verification {
  private static final byte[] NOTHING = new byte[0];
  private static final long LISTINGS_MILLIS = 60_000;

  private final ProxyClient proxy;
  private final Backend backend = new Backend();
  private final World world;
  private final Findings findings;
  private final Path rings;
  private final PathHasher hasher = new PathHasher("", ClusterFiles.HASH_SUFFIX);
  private final ObjectReads reads;
  private final Listing listing;

  /// @param rings a directory with the rings as everybody has them
  Verification(ProxyClient proxy, World world, Findings findings, Path rings) {
    this.proxy = proxy;
    this.world = world;
    this.findings = findings;
    this.rings = rings;
    this.reads = new ObjectReads(findings);
    this.listing = new Listing(findings);
  }

  /// What clients see: always true, whether replicas were repaired or not.
  void readsAreNewest() {
    world.all().parallelStream().forEach(this::isNewest);
  }

  private void isNewest(ObjectTruth truth) {
    Optional<State> found = get(truth, "X-Newest", "true");
    if (found.isEmpty()) {
      findings.add("UNREADABLE", truth.container() + "/" + truth.name() + " cannot be read");
    } else if (!truth.possible().contains(found.get())) {
      findings.add(kind(truth, found.get()), describe(truth, found.get()));
    }
  }

  private static String kind(ObjectTruth truth, State found) {
    if (!found.isLive()) {
      return "LOST";
    }
    return truth.isSurelyGone() ? "RESURRECTED" : "STALE";
  }

  private static String describe(ObjectTruth truth, State found) {
    return truth.container()
        + "/"
        + truth.name()
        + " is "
        + found
        + ", may be "
        + truth.possible()
        + " after "
        + truth.operations()
        + " operations";
  }

  private Optional<State> get(ObjectTruth truth, String... headers) {
    try {
      HttpResponse<byte[]> answer =
          proxy.send("GET", "/" + truth.container() + "/" + truth.name(), NOTHING, headers);
      return reads.state("proxy", truth, answer, true);
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /// Asks every primary for every copy, so that what rotted unseen is found, and repaired, before
  /// it counts.
  void readCopies() throws IOException {
    Ring ring = ring("object");
    world.all().parallelStream().forEach(truth -> readCopies(ring, truth));
  }

  private void readCopies(Ring ring, ObjectTruth truth) {
    PartitionId partition = partition(ring, truth);
    for (RingDevice device : ring.primaries(partition)) {
      try {
        HttpResponse<byte[]> answer =
            backend.get(device.address(), target(device, partition, truth));
        findings.count("copy " + answer.statusCode());
      } catch (IOException e) {
        // A damaged block cuts the connection.
        findings.count("copy cut");
      }
    }
  }

  private PartitionId partition(Ring ring, ObjectTruth truth) {
    ObjectPath path = ObjectPath.object(ProxyClient.ACCOUNT, truth.container(), truth.name());
    return ring.partition(hasher.hash(path));
  }

  private static String target(RingDevice device, PartitionId partition, ObjectTruth truth) {
    return "/%s/%d/%s/%s/%s"
        .formatted(
            device.device(),
            partition.value(),
            ProxyClient.ACCOUNT,
            truth.container(),
            truth.name());
  }

  /// What every device holds, once replicas say that they are equal.
  void copiesAreEqualAndInPlace() throws IOException {
    Ring ring = ring("object");
    world.all().parallelStream().forEach(truth -> copies(ring, truth));
  }

  private void copies(Ring ring, ObjectTruth truth) {
    PartitionId partition = partition(ring, truth);
    List<RingDevice> primaries = ring.primaries(partition);
    Set<State> states = new HashSet<>();
    Set<String> clocks = new HashSet<>();
    for (RingDevice device : ring.devices()) {
      try {
        HttpResponse<byte[]> answer =
            backend.get(device.address(), target(device, partition, truth));
        String clock = ObjectReads.header(answer, "X-Backend-Timestamp");
        if (primaries.contains(device)) {
          reads.state(device.label(), truth, answer, true).ifPresent(states::add);
          clocks.add(answer.statusCode() + " " + clock);
        } else if (answer.statusCode() != 404 || !clock.isEmpty()) {
          findings.add(
              "MISPLACED", truth.name() + " is on " + device.label() + ": " + answer.statusCode());
        }
      } catch (IOException e) {
        findings.add("UNREADABLE", truth.name() + " on " + device.label() + ": " + e);
      }
    }
    if (states.size() != 1 || clocks.size() != 1) {
      findings.add("DIVERGED", truth.name() + " is " + states + " " + clocks);
    } else if (!truth.possible().containsAll(states)) {
      State found = states.iterator().next();
      findings.add(kind(truth, found), "on all primaries " + describe(truth, found));
    } else {
      truth.settled(states.iterator().next());
    }
  }

  private Ring ring(String service) throws IOException {
    try {
      return RingFile.read(rings.resolve(service + ".ring.gz"));
    } catch (RingFileException e) {
      throw new IOException(e);
    }
  }

  /// Listings and counts become equal to the truth, on every replica.
  void listingsAreTrue() throws IOException {
    for (ContainerTruth container : world.containers()) {
      String[] last = {""};
      if (!Pause.until(LISTINGS_MILLIS, () -> (last[0] = differenceOf(container)).isEmpty())) {
        findings.add("LISTING", "container " + container.name() + ": " + last[0]);
      }
    }
    String[] last = {""};
    if (!Pause.until(LISTINGS_MILLIS, () -> (last[0] = differenceOfAccount()).isEmpty())) {
      findings.add("LISTING", "account: " + last[0]);
    }
  }

  private String differenceOf(ContainerTruth container) {
    try {
      String name = container.name();
      HttpResponse<byte[]> answer = proxy.send("GET", "/" + name + "?format=json", NOTHING);
      String seen = differenceOf(container, "proxy", answer);
      Ring ring = ring("container");
      ObjectPath path = ObjectPath.container(ProxyClient.ACCOUNT, name);
      PartitionId partition = ring.partition(hasher.hash(path));
      for (RingDevice device : ring.primaries(partition)) {
        String target =
            "/"
                + device.device()
                + "/"
                + partition.value()
                + "/"
                + ProxyClient.ACCOUNT
                + "/"
                + name
                + "?format=json";
        seen += differenceOf(container, device.label(), backend.get(device.address(), target));
      }
      return seen;
    } catch (IOException e) {
      return e.toString();
    }
  }

  private String differenceOf(ContainerTruth container, String where, HttpResponse<byte[]> answer) {
    if (answer.statusCode() == 404) {
      return container.mayBeAbsent() ? "" : where + " says 404; ";
    }
    if (answer.statusCode() != 200) {
      return where + " says " + answer.statusCode() + "; ";
    }
    if (!container.mayBeThere()) {
      return where + " has it although it is deleted; ";
    }
    Map<String, Integer> rows = listing.rows(where, container.name(), answer.body(), world);
    String difference = listing.difference(container.name(), rows, world);
    long bytes =
        rows.entrySet().stream().mapToLong(row -> Content.size(row.getKey(), row.getValue())).sum();
    String counted =
        ObjectReads.header(answer, "X-Container-Object-Count")
            + " objects, "
            + ObjectReads.header(answer, "X-Container-Bytes-Used")
            + " bytes";
    String wanted = rows.size() + " objects, " + bytes + " bytes";
    return (difference.isEmpty() ? "" : where + ": " + difference)
        + (counted.equals(wanted) ? "" : where + " counts " + counted + ", lists " + wanted + "; ");
  }

  private String differenceOfAccount() {
    try {
      HttpResponse<byte[]> answer = proxy.send("GET", "?format=json", NOTHING);
      if (answer.statusCode() != 200) {
        return "answers " + answer.statusCode();
      }
      Map<String, long[]> listed = listing.containers(answer.body());
      StringBuilder differences = new StringBuilder();
      for (ContainerTruth container : world.containers()) {
        long[] counts = listed.get(container.name());
        if (counts == null ? !container.mayBeAbsent() : !container.mayBeThere()) {
          differences.append(container.name()).append(counts == null ? " missing; " : " listed; ");
        } else if (counts != null) {
          differences.append(differenceOfCounts(container.name(), counts));
        }
      }
      return differences.toString();
    } catch (IOException e) {
      return e.toString();
    }
  }

  private String differenceOfCounts(String container, long[] counts) {
    long objects = 0;
    long bytes = 0;
    for (ObjectTruth truth : world.in(container)) {
      if (truth.possible().size() > 1) {
        return "";
      }
      State state = truth.possible().iterator().next();
      objects += state.isLive() ? 1 : 0;
      bytes += state.isLive() ? Content.size(truth.name(), state.data()) : 0;
    }
    return counts[0] == objects && counts[1] == bytes
        ? ""
        : container
            + " counts "
            + counts[0]
            + " objects, "
            + counts[1]
            + " bytes for "
            + objects
            + ", "
            + bytes
            + "; ";
  }
}
