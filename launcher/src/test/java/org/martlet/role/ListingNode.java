package org.martlet.role;

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
import org.martlet.containerserver.server.AccountTargets;
import org.martlet.containerserver.server.Cluster;
import org.martlet.containerserver.server.ContainerServer;
import org.martlet.containerserver.server.ContainerServerConfig;
import org.martlet.containerserver.server.ListingRings;
import org.martlet.containerserver.server.Machine;
import org.martlet.replicator.listing.HttpListingReplica;
import org.martlet.replicator.run.Budget;
import org.martlet.replicator.run.DeviceCalls;
import org.martlet.replicator.run.Wire;

/// A container server with one device, on a loopback port, in this process.
final class ListingNode implements AutoCloseable {
  static final String DEVICE = "d1";
  static final PathHasher HASHER = new PathHasher("a", "b");
  private static final byte[] SECRET = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Timeouts TIMEOUTS = new Timeouts(PATIENCE, PATIENCE, PATIENCE);

  private final BackendSignature signature = BackendSignature.with(SECRET, InstantSource.system());
  private final EventLoops loops = EventLoops.start(1);
  private final NettyHttpClient client = new NettyHttpClient(loops, HttpClientConfig.DEFAULT);
  private final KeyValueEngine databases = new KeyValueEngine(KeyValueConfig.DEFAULT);
  private final ContainerServer server;
  private final HttpServer containers;

  /// What came back, read to its end.
  record Answer(int status, Headers headers, String body) {}

  /// @param root the directory of its devices
  ListingNode(Path root, ListingRings rings) throws IOException {
    RealDisk disk = new RealDisk();
    Path device = Files.createDirectories(root.resolve(DEVICE));
    if (!DeviceIdentity.isPresent(disk, device)) {
      DeviceIdentity.create(disk, device, "c1", UUID.randomUUID());
    }
    server =
        new ContainerServer(
            ContainerServerConfig.on("127.0.0.1", 0, 0, root),
            Map.of(DEVICE, device),
            new Cluster(
                "c1",
                HASHER,
                new StoragePolicies(List.of(new StoragePolicy(0, "gold", true, false))),
                signature,
                new DigestKey(SECRET)),
            new Machine(
                disk,
                databases,
                InstantSource.system(),
                Ticker.systemTicker(),
                new SimpleMeterRegistry()),
            AccountTargets.NONE,
            rings,
            client);
    server.start();
    containers =
        HttpServer.start(HttpServerConfig.on("127.0.0.1", 0), loops, server.containerHandler());
    while (send("GET", "/recon/martlet/devices", new byte[0]).body().contains("opening")) {
      Thread.onSpinWait();
    }
  }

  int port() {
    return containers.port();
  }

  /// This node's containers, as a replicator reaches them.
  HttpListingReplica replica() {
    return new HttpListingReplica(calls());
  }

  /// The way to this node's containers.
  DeviceCalls calls() {
    Budget budget = new Budget(0, 0, () -> 1, InstantSource.system(), Thread::sleep);
    Wire wire = new Wire(client, signature, TIMEOUTS, budget);
    return new DeviceCalls(wire, new Endpoint("127.0.0.1", port()), DEVICE);
  }

  Answer send(String method, String target, byte[] body, String... fields) {
    Headers headers = Headers.of(fields);
    signature.sign(method, target, body.length, headers);
    try {
      Response response =
          client
              .send(
                  new Endpoint("127.0.0.1", port()),
                  new Request(method, target, headers, Body.of(body)),
                  TIMEOUTS)
              .response()
              .get(60, TimeUnit.SECONDS);
      byte[] read = Bodies.readAll(response.body(), 64 << 20).get(60, TimeUnit.SECONDS);
      return new Answer(
          response.status(), response.headers(), new String(read, StandardCharsets.UTF_8));
    } catch (InterruptedException | ExecutionException | TimeoutException e) {
      throw new AssertionError(method + " " + target + " was not answered", e);
    }
  }

  @Override
  public void close() {
    containers.close();
    server.close();
    client.close();
    loops.close();
    databases.close();
  }
}
