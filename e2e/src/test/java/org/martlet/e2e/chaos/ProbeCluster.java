package org.martlet.e2e.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.StreamSupport;
import org.martlet.common.model.ObjectPath;
import org.martlet.common.model.PartitionId;
import org.martlet.common.model.PathHasher;
import org.martlet.common.ring.Ring;
import org.martlet.common.ring.RingDevice;
import org.martlet.common.ring.RingFile;
import org.martlet.common.ring.RingFileException;

/// Four nodes and a proxy for tests that stop servers on purpose, write, start them again, and wait
/// until every replica is as it should be. Each path has three primaries and one handoff.
final class ProbeCluster implements AutoCloseable {
  static final long PATIENCE_MILLIS = 60_000;
  private static final int NODES = 4;
  private static final byte[] NOTHING = new byte[0];

  /// A server to be asked directly.
  ///
  /// @param policy of an object; 0 for the others
  record Place(int node, String address, String target, int policy) {}

  private final ChaosCluster cluster;
  private final ProxyClient proxy;
  private final PathHasher hasher = new PathHasher("", ClusterFiles.HASH_SUFFIX);
  private final Map<String, Ring> rings;

  private ProbeCluster(ChaosCluster cluster, Map<String, Ring> rings) {
    this.cluster = cluster;
    this.proxy = new ProxyClient(cluster.url());
    this.rings = rings;
  }

  static ProbeCluster start(Path root, boolean separate) throws IOException {
    return start(root, separate, 1);
  }

  static ProbeCluster start(Path root, boolean separate, int policies) throws IOException {
    ClusterShape shape = new ClusterShape(NODES, policies, separate, false, 7);
    ChaosCluster cluster = ChaosCluster.start(root, new LoopbackNetwork(), shape);
    Map<String, Ring> rings = new TreeMap<>();
    for (String service : List.of("container", "account")) {
      rings.put(service, ring(cluster, service));
    }
    for (int policy = 0; policy < policies; policy++) {
      String name = ClusterFiles.ringName(policy);
      rings.put(name, ring(cluster, name));
    }
    return new ProbeCluster(cluster, rings);
  }

  private static Ring ring(ChaosCluster cluster, String service) throws IOException {
    try {
      return RingFile.read(cluster.files().rings().resolve(service + ".ring.gz"));
    } catch (RingFileException e) {
      throw new IOException(e);
    }
  }

  ChaosNode node(int number) {
    return cluster.node(number);
  }

  /// Starts whatever is down and waits until everything answers.
  void startAll() {
    for (int n = 1; n <= NODES; n++) {
      cluster.node(n).launch(Map.of());
    }
    cluster.awaitWell();
  }

  HttpResponse<byte[]> send(String method, String path, byte[] body, String... headers)
      throws IOException {
    return proxy.send(method, path, body, headers);
  }

  /// A change that a client must be able to make now.
  void does(int status, String method, String path, byte[] body, String... headers)
      throws IOException {
    HttpResponse<byte[]> answer = proxy.send(method, path, body, headers);
    assertThat(answer.statusCode()).as("%s %s", method, path).isEqualTo(status);
  }

  void does(int status, String method, String path, String... headers) throws IOException {
    does(status, method, path, NOTHING, headers);
  }

  /// The primaries of a path below the account: object, container, or the account itself.
  List<Place> primaries(String path) {
    return primaries(of(path), 0);
  }

  /// @param policy of an object; 0 for the others
  List<Place> primaries(ObjectPath path, int policy) {
    Ring ring = ring(path, policy);
    PartitionId partition = ring.partition(hasher.hash(path));
    return ring.primaries(partition).stream().map(d -> place(d, partition, path, policy)).toList();
  }

  /// Where a primary that is down is stood in for.
  Place handoff(String path) {
    return handoff(of(path), 0);
  }

  /// @param policy of an object; 0 for the others
  Place handoff(ObjectPath path, int policy) {
    Ring ring = ring(path, policy);
    PartitionId partition = ring.partition(hasher.hash(path));
    RingDevice first =
        StreamSupport.stream(ring.handoffs(partition).spliterator(), false)
            .filter(device -> device.weight() > 0)
            .findFirst()
            .orElseThrow();
    return place(first, partition, path, policy);
  }

  private static Place place(
      RingDevice device, PartitionId partition, ObjectPath path, int policy) {
    int node = device.zone();
    String target = "/" + device.device() + "/" + partition.value() + path;
    return new Place(node, device.address(), target, policy);
  }

  private static ObjectPath of(String path) {
    String[] parts = path.split("/", 3);
    return switch (parts.length) {
      case 1 -> ObjectPath.account(ProxyClient.ACCOUNT);
      case 2 -> ObjectPath.container(ProxyClient.ACCOUNT, parts[1]);
      default -> ObjectPath.object(ProxyClient.ACCOUNT, parts[1], parts[2]);
    };
  }

  private Ring ring(ObjectPath path, int policy) {
    String name =
        path.object() != null
            ? ClusterFiles.ringName(policy)
            : path.container() != null ? "container" : "account";
    return Objects.requireNonNull(rings.get(name), name);
  }

  HttpResponse<byte[]> ask(Place place, String query, String... headers) throws IOException {
    List<String> all = new ArrayList<>(List.of(headers));
    if (place.policy() > 0) {
      all.addAll(List.of("X-Backend-Storage-Policy-Index", "" + place.policy()));
    }
    return cluster
        .backend()
        .get(place.address(), place.target() + query, all.toArray(String[]::new));
  }

  HttpResponse<byte[]> ask(Place place) throws IOException {
    return ask(place, "");
  }

  /// Waits until a server's own answer is as wanted.
  void await(
      Place place,
      String query,
      String what,
      Predicate<HttpResponse<byte[]>> wanted,
      String... headers) {
    String[] last = {""};
    boolean came =
        Pause.until(
            PATIENCE_MILLIS,
            () -> {
              try {
                HttpResponse<byte[]> answer = ask(place, query, headers);
                last[0] =
                    answer.statusCode()
                        + " "
                        + answer.headers().map()
                        + " "
                        + new String(answer.body(), 0, Math.min(300, answer.body().length));
                return wanted.test(answer);
              } catch (IOException e) {
                last[0] = e.toString();
                return false;
              }
            });
    assertThat(came).as("%s on %s: %s", what, place, last[0]).isTrue();
  }

  /// Waits until nothing is known there, not even that something was deleted.
  void awaitEmpty(Place place) {
    await(
        place,
        "",
        "given away",
        answer ->
            answer.statusCode() == 404
                && ObjectReads.header(answer, "X-Backend-Timestamp").isEmpty());
  }

  ChaosCluster cluster() {
    return cluster;
  }

  @Override
  public void close() {
    cluster.close();
  }
}
