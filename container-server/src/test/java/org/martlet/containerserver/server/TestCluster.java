package org.martlet.containerserver.server;

import com.google.common.base.Ticker;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.martlet.common.device.DeviceIdentity;
import org.martlet.common.disk.RealDisk;
import org.martlet.common.http.Bodies;
import org.martlet.common.http.Body;
import org.martlet.common.http.Endpoint;
import org.martlet.common.http.EventLoops;
import org.martlet.common.http.Headers;
import org.martlet.common.http.HttpClientConfig;
import org.martlet.common.http.HttpHandler;
import org.martlet.common.http.HttpServer;
import org.martlet.common.http.HttpServerConfig;
import org.martlet.common.http.NettyHttpClient;
import org.martlet.common.http.Request;
import org.martlet.common.http.Response;
import org.martlet.common.http.Timeouts;
import org.martlet.common.kv.KeyValueConfig;
import org.martlet.common.kv.KeyValueEngine;
import org.martlet.common.model.PathHasher;
import org.martlet.common.protocol.BackendSignature;
import org.martlet.common.protocol.StoragePolicies;
import org.martlet.common.protocol.StoragePolicy;
import org.martlet.containerserver.listing.DigestKey;

/// One node's account and container services on loopback ports, over RocksDB, with a client that
/// signs.
final class TestCluster implements AutoCloseable {
  private static final byte[] SECRET = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
  private static final String ID = "c1";
  private static final Timeouts TIMEOUTS =
      new Timeouts(Duration.ofSeconds(5), Duration.ofSeconds(20), Duration.ofSeconds(20));

  private final BackendSignature signature = BackendSignature.with(SECRET, InstantSource.system());
  private final EventLoops loops = EventLoops.start(2);
  private final NettyHttpClient client = new NettyHttpClient(loops, HttpClientConfig.DEFAULT);
  private final KeyValueEngine databases = new KeyValueEngine(KeyValueConfig.DEFAULT);
  private final ContainerServer server;
  private final HttpServer containers;
  private final HttpServer accounts;

  /// What came back, read to its end.
  record Answer(int status, Headers headers, String body) {
    String header(String name) {
      return headers.getOr(name, "-");
    }
  }

  private TestCluster(Path root, ContainerServerConfig config) throws IOException {
    RealDisk disk = new RealDisk();
    Path device = Files.createDirectories(root.resolve("d1"));
    if (!DeviceIdentity.isPresent(disk, device)) {
      DeviceIdentity.create(disk, device, ID, UUID.randomUUID());
    }
    Files.createDirectories(root.resolve("unmounted"));
    StoragePolicies policies =
        new StoragePolicies(
            List.of(
                new StoragePolicy(0, "gold", true, false),
                new StoragePolicy(1, "silver", false, false)));
    server =
        new ContainerServer(
            config,
            Map.of(
                "d1", device,
                "missing", root.resolve("missing"),
                "unmounted", root.resolve("unmounted")),
            new Cluster(ID, new PathHasher("a", "b"), policies, signature, new DigestKey(SECRET)),
            new Machine(
                disk,
                databases,
                InstantSource.system(),
                Ticker.systemTicker(),
                new SimpleMeterRegistry()),
            (name, container) -> Optional.of(new AccountTarget(accountEndpoint(), "d1")),
            ListingRings.EVERYWHERE,
            client);
    server.start();
    containers = listen(server.containerHandler());
    accounts = listen(server.accountHandler());
    awaitOpen();
  }

  private HttpServer listen(HttpHandler handler) throws IOException {
    return HttpServer.start(HttpServerConfig.on("127.0.0.1", 0), loops, handler);
  }

  static TestCluster on(Path root) throws IOException {
    return on(root, ContainerServerConfig.on("127.0.0.1", 0, 0, root));
  }

  static TestCluster on(Path root, ContainerServerConfig config) throws IOException {
    return new TestCluster(root, config);
  }

  private void awaitOpen() {
    while (server.devices().stream()
        .anyMatch(device -> device.state() instanceof DeviceState.Opening)) {
      Thread.onSpinWait();
    }
  }

  private Endpoint accountEndpoint() {
    return new Endpoint("127.0.0.1", accounts.port());
  }

  Answer container(String method, String target, String... headers) {
    return container(method, target, new byte[0], headers);
  }

  Answer container(String method, String target, byte[] body, String... headers) {
    return send(containers.port(), method, target, body, true, Headers.of(headers));
  }

  Answer account(String method, String target, String... headers) {
    return account(method, target, new byte[0], headers);
  }

  Answer account(String method, String target, byte[] body, String... headers) {
    return send(accounts.port(), method, target, body, true, Headers.of(headers));
  }

  Answer unsigned(String method, String target) {
    return send(containers.port(), method, target, new byte[0], false, new Headers());
  }

  private Answer send(
      int port, String method, String target, byte[] body, boolean signed, Headers headers) {
    if (signed) {
      signature.sign(method, target, body.length, headers);
    }
    Request request = new Request(method, target, headers, Body.of(body));
    try {
      Response response =
          client
              .send(new Endpoint("127.0.0.1", port), request, TIMEOUTS)
              .response()
              .get(30, TimeUnit.SECONDS);
      byte[] read = Bodies.readAll(response.body(), 64 << 20).get(30, TimeUnit.SECONDS);
      return new Answer(
          response.status(), response.headers(), new String(read, StandardCharsets.UTF_8));
    } catch (InterruptedException | ExecutionException | TimeoutException e) {
      throw new AssertionError(method + " " + target + " was not answered", e);
    }
  }

  ContainerServer server() {
    return server;
  }

  @Override
  public void close() {
    containers.close();
    accounts.close();
    server.close();
    client.close();
    loops.close();
    databases.close();
  }
}
