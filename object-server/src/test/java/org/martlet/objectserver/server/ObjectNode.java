package org.martlet.objectserver.server;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.martlet.common.device.DeviceIdentity;
import org.martlet.common.device.RejoinRule;
import org.martlet.common.disk.FaultyDisk;
import org.martlet.common.disk.RealDisk;
import org.martlet.common.disk.SpaceMarks;
import org.martlet.common.http.Bodies;
import org.martlet.common.http.Body;
import org.martlet.common.http.BufferPool;
import org.martlet.common.http.Endpoint;
import org.martlet.common.http.EventLoops;
import org.martlet.common.http.Headers;
import org.martlet.common.http.HttpClient;
import org.martlet.common.http.HttpClientConfig;
import org.martlet.common.http.HttpServer;
import org.martlet.common.http.HttpServerConfig;
import org.martlet.common.http.NettyHttpClient;
import org.martlet.common.http.Request;
import org.martlet.common.http.Response;
import org.martlet.common.kv.KeyValueConfig;
import org.martlet.common.kv.KeyValueEngine;
import org.martlet.common.model.ByteSize;
import org.martlet.common.model.PathHasher;
import org.martlet.common.protocol.BackendSignature;
import org.martlet.common.protocol.StoragePolicies;
import org.martlet.common.protocol.StoragePolicy;
import org.martlet.objectserver.outbox.ContainerNode;
import org.martlet.objectserver.outbox.OutboxConfig;
import org.martlet.objectserver.store.DeviceStore;
import org.martlet.objectserver.store.DeviceStoreConfig;
import org.martlet.objectserver.store.LogDeviceStore;
import org.martlet.objectserver.store.StoreEnvironment;

/// An object server with one device `sda` on a real disk, its transport, a client, and a container
/// server's double; it can be stopped and started again on the same data.
public final class ObjectNode implements AutoCloseable {
  static final int INLINE = 64 * 1024;

  private static final byte[] SECRET = "a secret of a cluster".getBytes(StandardCharsets.UTF_8);

  /// What the server answered.
  public record Answer(int status, Headers headers, byte[] body) {
    public String text() {
      return new String(body, StandardCharsets.UTF_8);
    }
  }

  public final TestClock clock = new TestClock();
  public final FaultyDisk faults = new FaultyDisk(new RealDisk());
  public final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
  final EventLoops loops = EventLoops.start(2);
  final BackendSignature signature = BackendSignature.with(SECRET, clock);
  final HttpClient client = new NettyHttpClient(loops, HttpClientConfig.DEFAULT);
  final BodyBudget budget = new BodyBudget(ByteSize.ofMiB(8), 100, Duration.ofSeconds(2));
  final BufferPool buffers = new BufferPool(loops, ByteSize.ofMiB(16).bytes());
  public final ContainerDouble containers;

  /// What the server's ring says; by default that `sda` is a primary of everything.
  volatile ObjectRings rings = (policy, hash, name) -> OptionalInt.of(1);

  private final KeyValueEngine databases =
      new KeyValueEngine(new KeyValueConfig(ByteSize.ofMiB(16), ByteSize.ofMiB(8), 2, 64));
  private final Path root;
  private final int containerReplicas;
  private final OutboxConfig outbox;
  final Map<String, String> refused = new TreeMap<>();
  private DeviceStore store;
  private ObjectServer server;
  private HttpServer http;

  public ObjectNode(Path root, int containerReplicas, OutboxConfig outbox) throws IOException {
    this.root = root;
    this.containerReplicas = containerReplicas;
    this.outbox = outbox;
    this.containers = new ContainerDouble(loops, signature);
    start();
  }

  public ObjectNode(Path root) throws IOException {
    this(root, 3, OutboxConfig.DEFAULT);
  }

  /// Starts on the data that is there.
  public void start() throws IOException {
    Path device = root.resolve("sda");
    Files.createDirectories(device);
    if (!DeviceIdentity.isPresent(faults, device)) {
      DeviceIdentity.create(faults, device, "c1", UUID.randomUUID());
    }
    DeviceStoreConfig usual = DeviceStoreConfig.of(device);
    DeviceStoreConfig config =
        new DeviceStoreConfig(
            device,
            new ByteSize(INLINE),
            usual.volumeLimit(),
            new SpaceMarks(0, 0),
            usual.queue(),
            usual.background(),
            usual.leafBits());
    store =
        LogDeviceStore.open(
            config,
            new StoreEnvironment(
                faults,
                databases,
                clock,
                clock.ticker(),
                new SecureRandom(),
                "c1",
                "cluster secret"));
    server =
        new ObjectServer(
            RequestLimits.DEFAULT,
            outbox,
            new FoundDevices(Map.of("sda", store), refused, RejoinRule.DEFAULT),
            new Cluster(
                new PathHasher("", "test"),
                new StoragePolicies(
                    List.of(
                        new StoragePolicy(0, "gold", true, false),
                        new StoragePolicy(1, "silver", false, false))),
                signature,
                container ->
                    IntStream.range(0, containerReplicas)
                        .mapToObj(i -> new ContainerNode(containers.endpoint(), "c" + i))
                        .toList(),
                (policy, hash, name) -> rings.replica(policy, hash, name)),
            new Surroundings(client, budget, buffers, clock, new SecureRandom(), metrics));
    http = HttpServer.start(HttpServerConfig.on("127.0.0.1", 0), loops, server);
  }

  public void stop() {
    http.close();
    server.close();
  }

  public DeviceStore store() {
    return store;
  }

  Endpoint endpoint() {
    return new Endpoint("127.0.0.1", http.port());
  }

  /// A signed request for a path such as `/a/c/o`.
  public Answer send(String method, String path, Body body, Headers headers) throws Exception {
    return exchange(method, "/sda/0" + path, body, headers, true);
  }

  public Answer send(String method, String path, String... headers) throws Exception {
    return send(method, path, Body.empty(), Headers.of(headers));
  }

  /// A request as it is.
  Answer exchange(String method, String target, Body body, Headers headers, boolean signed)
      throws Exception {
    if (signed) {
      signature.sign(method, target, body.length(), headers);
    }
    Response response =
        client
            .send(endpoint(), new Request(method, target, headers, body), RequestTimeouts.LONG)
            .response()
            .get(20, TimeUnit.SECONDS);
    byte[] bytes = Bodies.readAll(response.body(), 1 << 27).get(20, TimeUnit.SECONDS);
    return new Answer(response.status(), response.headers(), bytes);
  }

  @Override
  public void close() {
    stop();
    containers.close();
    client.close();
    loops.close();
    databases.close();
  }
}
