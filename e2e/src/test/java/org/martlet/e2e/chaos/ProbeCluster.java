package org.martlet.e2e.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
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
  record Place(int node, String address, String target) {}

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
    ClusterShape shape = new ClusterShape(NODES, separate, false, 7);
    ChaosCluster cluster = ChaosCluster.start(root, new LoopbackNetwork(), shape);
    return new ProbeCluster(
        cluster,
        Map.of(
            "object", ring(cluster, "object"),
            "container", ring(cluster, "container"),
            "account", ring(cluster, "account")));
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
    ObjectPath of = of(path);
    Ring ring = ring(of);
    PartitionId partition = ring.partition(hasher.hash(of));
    return ring.primaries(partition).stream().map(d -> place(d, partition, path)).toList();
  }

  /// Where a primary that is down is stood in for.
  Place handoff(String path) {
    ObjectPath of = of(path);
    Ring ring = ring(of);
    PartitionId partition = ring.partition(hasher.hash(of));
    RingDevice first =
        StreamSupport.stream(ring.handoffs(partition).spliterator(), false)
            .filter(device -> device.weight() > 0)
            .findFirst()
            .orElseThrow();
    return place(first, partition, path);
  }

  private static Place place(RingDevice device, PartitionId partition, String path) {
    int node = device.zone();
    String target =
        "/" + device.device() + "/" + partition.value() + "/" + ProxyClient.ACCOUNT + path;
    return new Place(node, device.address(), target);
  }

  private static ObjectPath of(String path) {
    String[] parts = path.split("/", 3);
    return switch (parts.length) {
      case 1 -> ObjectPath.account(ProxyClient.ACCOUNT);
      case 2 -> ObjectPath.container(ProxyClient.ACCOUNT, parts[1]);
      default -> ObjectPath.object(ProxyClient.ACCOUNT, parts[1], parts[2]);
    };
  }

  private Ring ring(ObjectPath path) {
    String service =
        path.object() != null ? "object" : path.container() != null ? "container" : "account";
    return rings.get(service);
  }

  HttpResponse<byte[]> ask(Place place, String query) throws IOException {
    return cluster.backend().get(place.address(), place.target() + query);
  }

  HttpResponse<byte[]> ask(Place place) throws IOException {
    return ask(place, "");
  }

  /// Waits until a server's own answer is as wanted.
  void await(Place place, String query, String what, Predicate<HttpResponse<byte[]>> wanted) {
    String[] last = {""};
    boolean came =
        Pause.until(
            PATIENCE_MILLIS,
            () -> {
              try {
                HttpResponse<byte[]> answer = ask(place, query);
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
