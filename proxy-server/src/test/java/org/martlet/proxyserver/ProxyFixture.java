package org.martlet.proxyserver;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.martlet.common.config.ConfigReader;
import org.martlet.common.config.Secret;
import org.martlet.common.http.EventLoops;
import org.martlet.common.http.HttpClientConfig;
import org.martlet.common.http.HttpServer;
import org.martlet.common.http.HttpServerConfig;
import org.martlet.common.http.NettyHttpClient;
import org.martlet.common.model.DeviceId;
import org.martlet.common.model.PathHasher;
import org.martlet.common.protocol.BackendSignature;
import org.martlet.common.protocol.StoragePolicies;
import org.martlet.common.protocol.StoragePolicy;
import org.martlet.common.ring.Ring;
import org.martlet.common.ring.RingDevice;
import org.martlet.common.ring.RingHolder;
import org.martlet.common.runtime.TimestampSource;
import org.martlet.proxyserver.backend.ProxyRings;

/// A proxy on a port of its own over three fake storage servers, each on an address of its own.
final class ProxyFixture implements AutoCloseable {
  private static final String SECRET = "a secret that is long enough";
  private static final int REPLICAS = 3;
  private static final String CONFIG =
      """
      [listen]
      bind_port = 0
      client_timeout = "300 ms"
      drain_grace = "0 s"
      drain_timeout = "2 s"
      [tempauth]
      [[tempauth.user]]
      account = "test"
      user = "tester"
      key = "testing"
      groups = [".admin"]
      [[tempauth.user]]
      account = "test2"
      user = "tester2"
      key = "testing2"
      groups = [".admin"]
      """;

  final List<FakeStorage> storage = new ArrayList<>();
  private final List<HttpServer> servers = new ArrayList<>();
  private final EventLoops loops = EventLoops.start(1);
  private final NettyHttpClient backend = new NettyHttpClient(loops, HttpClientConfig.DEFAULT);
  private final HttpClient client = HttpClient.newHttpClient();
  private final ProxyServer proxy;

  ProxyFixture(String moreConfig) throws Exception {
    List<RingDevice> devices = new ArrayList<>();
    for (int i = 0; i < REPLICAS; i++) {
      FakeStorage fake = new FakeStorage();
      String ip = "127.0.0." + (i + 1);
      HttpServer server = HttpServer.start(HttpServerConfig.on(ip, 0), loops, fake);
      storage.add(fake);
      servers.add(server);
      devices.add(RingDevice.of(new DeviceId(i), 1, i + 1, ip, server.port(), "d" + i, 1));
    }
    int[][] rows = new int[REPLICAS][16];
    for (int i = 0; i < REPLICAS; i++) {
      Arrays.fill(rows[i], i);
    }
    RingHolder ring = new RingHolder(Ring.of(4, devices, rows, 1));
    InstantSource clock = InstantSource.system();
    ProxyServerConfig config =
        ConfigReader.parse("test", CONFIG + moreConfig, ProxyServerConfig::read).config();
    proxy =
        ProxyServer.start(
            config,
            new ClusterParts(
                new ProxyRings(ring, ring, Map.of(0, ring)),
                new PathHasher("prefix", ""),
                new StoragePolicies(List.of(new StoragePolicy(0, "gold", true, false))),
                BackendSignature.with(SECRET.getBytes(StandardCharsets.UTF_8), clock),
                new Secret(SECRET)),
            new ServerParts(
                loops,
                backend,
                clock,
                new TimestampSource(clock),
                new SimpleMeterRegistry(),
                "test",
                UnaryOperator.identity()));
  }

  /// One storage server stops.
  void stop(int i) {
    servers.get(i).close();
  }

  int port() {
    return proxy.port();
  }

  void stopProxy() {
    proxy.close();
  }

  /// Everything that any storage server holds, by path.
  List<String> everythingStored() {
    return storage.stream()
        .flatMap(fake -> fake.stored.keySet().stream())
        .sorted()
        .distinct()
        .toList();
  }

  HttpResponse<String> ask(String method, String target, String body, String... headers)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port() + target))
            .method(
                method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return client.send(request.build(), BodyHandlers.ofString());
  }

  String token(String user, String key) throws IOException, InterruptedException {
    HttpResponse<String> response =
        ask("GET", "/auth/v1.0", "", "X-Auth-User", user, "X-Auth-Key", key);
    return response.headers().firstValue("X-Auth-Token").orElseThrow();
  }

  /// Sends bytes as they are and gives all that comes back until the server closes or `quietMillis`
  /// pass without a byte.
  String raw(String message, boolean closeOutput, int quietMillis) throws IOException {
    try (Socket socket = new Socket(InetAddress.getByName("127.0.0.1"), port())) {
      socket.setSoTimeout(quietMillis);
      socket.getOutputStream().write(message.getBytes(StandardCharsets.ISO_8859_1));
      socket.getOutputStream().flush();
      if (closeOutput) {
        socket.shutdownOutput();
      }
      return readUntilQuiet(socket.getInputStream());
    }
  }

  private static String readUntilQuiet(InputStream in) throws IOException {
    StringBuilder answer = new StringBuilder();
    byte[] buffer = new byte[8192];
    while (true) {
      int n;
      try {
        n = in.read(buffer);
      } catch (SocketException | SocketTimeoutException e) {
        return answer.toString();
      }
      if (n < 0) {
        return answer.toString();
      }
      answer.append(new String(buffer, 0, n, StandardCharsets.ISO_8859_1));
    }
  }

  @Override
  public void close() {
    client.close();
    proxy.close();
    backend.close();
    servers.forEach(HttpServer::close);
    loops.close();
  }
}
