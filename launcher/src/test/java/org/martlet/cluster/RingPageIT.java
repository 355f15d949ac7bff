package org.martlet.cluster;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.martlet.common.http.BlockingBody;
import org.martlet.common.http.BlockingHandlers;
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
import org.martlet.common.http.ServerRequest;
import org.martlet.common.http.Timeouts;
import org.martlet.common.model.DeviceId;
import org.martlet.common.protocol.BackendHeaders;
import org.martlet.common.protocol.BackendSignature;
import org.martlet.common.ring.Ring;
import org.martlet.common.ring.RingDevice;
import org.martlet.common.ring.RingFile;
import org.martlet.common.ring.RingInbox;
import org.martlet.common.ring.RingSeal;
import org.martlet.common.ring.RingWatcher;

/// Rings go from one server to another over loopback: pushed, and fetched.
class RingPageIT {
  private static final byte[] SECRET = "0123456789abcdef".getBytes(US_ASCII);
  private static final RingSeal SEAL = RingSeal.with(SECRET);
  private static final BackendSignature SIGNATURE =
      BackendSignature.with(SECRET, InstantSource.system());

  private static final UUID INSTANCE = new UUID(1, 2);
  private static final HttpHandler BEHIND =
      server -> CompletableFuture.completedFuture(Response.text(418, "behind"));

  @TempDir Path directory;
  private final EventLoops loops = EventLoops.start(1);
  private final NettyHttpClient client = new NettyHttpClient(loops, HttpClientConfig.DEFAULT);
  private final List<HttpServer> servers = new ArrayList<>();
  private RingInbox inbox;
  private Endpoint service;
  private Endpoint proxy;

  private static final Timeouts TIMEOUTS =
      new Timeouts(Duration.ofSeconds(20), Duration.ofSeconds(20), Duration.ofSeconds(20));

  private record Answer(int status, String body) {}

  @BeforeEach
  void start() throws IOException {
    inbox = inbox("here", 5);
    service = listen(page(Runnable::run).beforeService(BEHIND));
    proxy = listen(page(Runnable::run).beforeProxy(BEHIND));
  }

  private RingPage page(Executor executor) {
    return new RingPage(inbox, SEAL, SIGNATURE, INSTANCE, executor);
  }

  private Endpoint listen(HttpHandler handler) throws IOException {
    HttpServer server = HttpServer.start(HttpServerConfig.on("127.0.0.1", 0), loops, handler);
    servers.add(server);
    return new Endpoint("127.0.0.1", server.port());
  }

  @AfterEach
  void stop() {
    servers.forEach(HttpServer::close);
    client.close();
    loops.close();
  }

  private RingInbox inbox(String name, long version) throws IOException {
    Path file = Files.createDirectories(directory.resolve(name)).resolve("object.ring.gz");
    RingFile.write(file, ring(version));
    return new RingInbox(Map.of("object", RingWatcher.open(file)), SEAL);
  }

  private static Ring ring(long version) {
    List<RingDevice> devices =
        List.of(
            RingDevice.of(new DeviceId(0), 1, 1, "10.0.0.1", 6200, "d1", 100),
            RingDevice.of(new DeviceId(1), 1, 2, "10.0.0.2", 6200, "d1", 100));
    int[][] rows = {{0, 1, 0, 1}, {1, 0, 1, 0}};
    return Ring.of(2, devices, rows, version);
  }

  private byte[] file(long version) throws IOException {
    Path file = Files.createDirectories(directory.resolve("made")).resolve("object.ring.gz");
    RingFile.write(file, ring(version));
    return Files.readAllBytes(file);
  }

  private Answer ask(Endpoint to, String method, String target, Headers headers, byte[] body)
      throws Exception {
    Response response =
        BlockingHandlers.await(
            client
                .send(to, new Request(method, target, headers, Body.of(body)), TIMEOUTS)
                .response());
    try (BlockingBody answer = new BlockingBody(response.body())) {
      return new Answer(response.status(), new String(answer.readAll(1 << 20), US_ASCII).strip());
    }
  }

  private Answer push(Endpoint to, byte[] file, String seal, boolean signed) throws Exception {
    String target = "/rings/object.ring.gz";
    Headers headers = Headers.of(BackendHeaders.RING_SEAL, seal);
    if (signed) {
      SIGNATURE.sign("PUT", target, file.length, headers);
    }
    return ask(to, "PUT", target, headers, file);
  }

  private static String seal(byte[] file, long version) {
    return SEAL.write(RingSeal.Sealed.of("object", version, file));
  }

  private long inForce(RingInbox of) {
    return of.rings().get("object").holder().current().version();
  }

  @Test
  void aRingThatIsPushedIsInForceAtOnceOnServicesAndProxies() throws Exception {
    byte[] six = file(6);
    assertThat(push(service, six, seal(six, 6), true).status()).isEqualTo(201);
    assertThat(inForce(inbox)).isEqualTo(6);
    assertThat(push(service, six, seal(six, 6), true).status()).isEqualTo(200);
    byte[] seven = file(7);
    assertThat(push(proxy, seven, seal(seven, 7), true).status()).isEqualTo(201);
    assertThat(ask(service, "GET", "/rings", new Headers(), new byte[0]).body())
        .contains("\"version\":7");
  }

  @Test
  void serviceAndProxyOfOneProcessSayThatTheyAreOne() throws Exception {
    Headers signed = new Headers();
    SIGNATURE.sign("GET", "/rings", 0, signed);
    assertThat(ask(service, "GET", "/rings", new Headers(), new byte[0]).body())
        .contains("\"instance\":\"" + INSTANCE + "\"")
        .isEqualTo(ask(proxy, "GET", "/rings", signed, new byte[0]).body());
  }

  @Test
  void whoComesWhileTooManyWaitIsSentAway() throws Exception {
    Executor full =
        task -> {
          throw new RejectedExecutionException("full");
        };
    Endpoint busy = listen(page(full).beforeService(BEHIND));
    for (String target : List.of("/rings/object.ring.gz", "/rings/object.ring.gz.seal")) {
      assertThat(ask(busy, "GET", target, new Headers(), new byte[0]).status()).isEqualTo(503);
    }
    byte[] six = file(6);
    assertThat(push(busy, six, seal(six, 6), true).status()).isEqualTo(503);
    assertThat(push(service, six, seal(six, 6), true).status()).isEqualTo(201);
  }

  @Test
  void whatIsNotSignedStaleForgedOrUnknownIsRefusedAndSaysWhy() throws Exception {
    byte[] six = file(6);
    byte[] four = file(4);
    RingSeal other = RingSeal.with("fedcba9876543210".getBytes(US_ASCII));
    String forged = other.write(RingSeal.Sealed.of("object", 6, six));
    assertThat(push(service, six, seal(six, 6), false).status()).isEqualTo(401);
    assertThat(push(proxy, six, seal(six, 6), false).body()).isEqualTo("behind");
    assertThat(push(service, four, seal(four, 4), true))
        .isEqualTo(new Answer(409, "version 5 is in force, this is 4"));
    assertThat(push(service, six, forged, true).status()).isEqualTo(422);
    assertThat(push(service, six, "", true).status()).isEqualTo(422);
    assertThat(push(service, four, seal(six, 6), true).body()).contains("damaged");
    for (String target : List.of("/rings/", "/rings/../object.ring.gz", "/rings/nothing.ring.gz")) {
      assertThat(ask(service, "GET", target, new Headers(), new byte[0]).status()).isEqualTo(404);
    }
    assertThat(ask(service, "DELETE", "/rings", new Headers(), new byte[0]).status())
        .isEqualTo(405);
    assertThat(inForce(inbox)).isEqualTo(5);
  }

  private record Asked(Request request) implements ServerRequest {
    @Override
    public InetSocketAddress remoteAddress() {
      return InetSocketAddress.createUnresolved("client", 1);
    }

    @Override
    public boolean expectsContinue() {
      return false;
    }

    @Override
    public void sendContinue(Headers headers) {
      throw new IllegalStateException("a GET waits for nothing");
    }
  }

  /// Without a limit, and with a copy of the file for each, some clients that do not read took all
  /// memory for connections.
  @Test
  void eightAtATimeAreSentARingPieceByPiece() throws Exception {
    Path file = directory.resolve("large").resolve("object.ring.gz");
    RingInbox many = inbox("large", 5);
    RingFile.write(file, largeRing());
    many.rings().get("object").check();
    HttpHandler handler =
        new RingPage(many, SEAL, SIGNATURE, INSTANCE, Runnable::run).beforeService(BEHIND);
    Asked asked = new Asked(Request.withoutBody("GET", "/rings/object.ring.gz", new Headers()));
    List<Body> slow = new ArrayList<>();
    for (int client = 0; client < 8; client++) {
      Body body = handler.handle(asked).get().body();
      assertThat(body.length()).isEqualTo(Files.size(file)).isGreaterThan(100_000);
      assertThat(body.next().get().size()).isEqualTo(65_536);
      slow.add(body);
    }
    Response late = handler.handle(asked).get();
    assertThat(late.status()).isEqualTo(503);
    assertThat(late.headers().get("Retry-After")).isEqualTo("5");
    slow.removeFirst().close();
    Response next = handler.handle(asked).get();
    assertThat(Bodies.readAll(next.body(), 1 << 20).get()).isEqualTo(Files.readAllBytes(file));
    assertThat(handler.handle(asked).get().status())
        .as("the last one was read whole")
        .isEqualTo(200);
  }

  private static Ring largeRing() {
    Random random = new Random(1);
    List<RingDevice> devices = new ArrayList<>();
    for (int id = 0; id < 256; id++) {
      devices.add(RingDevice.of(new DeviceId(id), 1, 1, "10.0.0.1", 6200, "d" + id, 100));
    }
    int[] row = random.ints(1 << 17, 0, devices.size()).toArray();
    return Ring.of(17, devices, new int[][] {row}, 6);
  }

  @Test
  void whatHasSettledIsSaidByTheDevicesHereWhereThereAreSome() throws Exception {
    RingPage page = page(Runnable::run);
    Endpoint storage = listen(page.beforeService(BEHIND));
    byte[] six = moved(6);
    push(storage, six, seal(six, 6), true);
    assertThat(rings(storage)).contains("\"version\":6", "\"settled\":false");
    assertThat(rings(storage)).contains("\"complete\":false");
    page.reportedBy(of(6, 5));
    assertThat(rings(storage)).contains("\"settled\":true", "\"complete\":false");
    page.reportedBy(of(5, 6));
    assertThat(rings(storage)).contains("\"settled\":false", "\"complete\":true");
    page.reportedBy(RingMoves.NO_DEVICES);
    assertThat(rings(storage)).contains("\"settled\":false", "\"complete\":true");
    RingWatcher watcher = inbox.rings().get("object");
    Cluster.forgetSettled("object", watcher, (ring, version) -> version == 5);
    assertThat(watcher.holder().previous()).isPresent();
    Cluster.forgetSettled("object", watcher, (ring, version) -> version == 6);
    assertThat(watcher.holder().previous()).isEmpty();
  }

  private static RingMoves of(long settled, long complete) {
    return new RingMoves() {
      @Override
      public boolean hasSettled(String ring, long version) {
        return ring.equals("object") && version == settled;
      }

      @Override
      public boolean isComplete(String ring, long version) {
        return ring.equals("object") && version == complete;
      }
    };
  }

  private String rings(Endpoint of) throws Exception {
    return ask(of, "GET", "/rings", new Headers(), new byte[0]).body();
  }

  /// A ring that places everything elsewhere.
  private byte[] moved(long version) throws IOException {
    Path file = Files.createDirectories(directory.resolve("made")).resolve("object.ring.gz");
    Ring other = ring(version);
    int[][] rows = {{1, 0, 1, 0}, {0, 1, 0, 1}};
    RingFile.write(file, Ring.of(2, other.devices(), rows, version));
    return Files.readAllBytes(file);
  }

  private static URI source(Endpoint server) {
    return RingSources.url("http://127.0.0.1:" + server.port() + "/rings");
  }

  private static RingPuller.Look look(RingPuller puller) {
    return puller.look().get("object");
  }

  @Test
  void aServerFetchesRingsFromTheNewestOfSeveralPlaces() throws Exception {
    RingInbox there = inbox("there", 3);
    URI dead = RingSources.url("http://127.0.0.1:1/rings");
    Endpoint lagging = listen(laggingPage().beforeService(BEHIND));
    RingPuller puller =
        new RingPuller(List.of(dead, source(lagging), source(service)), there, SEAL);
    assertThat(look(puller).words()).isEqualTo("version 5 from " + source(service));
    assertThat(inForce(there)).isEqualTo(5);
    assertThat(look(puller).result()).isEqualTo(RingPuller.Result.SAME);
    assertThat(look(puller).words())
        .startsWith("not newer at " + source(lagging) + ", " + source(service) + "; " + dead);
    byte[] nine = file(9);
    push(service, nine, seal(nine, 9), true);
    assertThat(look(puller).result()).isEqualTo(RingPuller.Result.TAKEN);
    assertThat(inForce(there)).isEqualTo(9);
  }

  private RingPage laggingPage() throws IOException {
    return new RingPage(inbox("lagging", 4), SEAL, SIGNATURE, INSTANCE, Runnable::run);
  }

  /// It sends a head and the beginning of a body, and then nothing.
  @Test
  void aPlaceThatStopsInTheMiddleOfAnAnswerIsGivenUp() throws Exception {
    try (ServerSocket stalled = new ServerSocket(0, 8, InetAddress.getLoopbackAddress())) {
      Thread.ofVirtual().start(() -> stall(stalled));
      URI first = RingSources.url("http://127.0.0.1:" + stalled.getLocalPort() + "/rings");
      RingInbox there = inbox("there", 3);
      Duration soon = Duration.ofMillis(300);
      RingPuller.Patience patience = new RingPuller.Patience(soon, Duration.ofSeconds(20));
      RingPuller puller = new RingPuller(List.of(first, source(service)), there, SEAL, patience);
      assertThat(look(puller).result()).isEqualTo(RingPuller.Result.TAKEN);
      assertThat(inForce(there)).isEqualTo(5);
      assertThat(look(puller).words()).contains("did not come within");
    }
  }

  @SuppressWarnings("resource") // the sockets stay open until the test ends
  private static void stall(ServerSocket server) {
    try {
      while (true) {
        Socket client = server.accept();
        client
            .getOutputStream()
            .write("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nmartlet".getBytes(US_ASCII));
      }
    } catch (IOException e) {
      assertThat(server.isClosed()).isTrue();
    }
  }

  @Test
  void anOlderOrForeignRingIsNotFetched() throws Exception {
    RingInbox ahead = inbox("ahead", 8);
    List<URI> sources = List.of(source(service));
    assertThat(look(new RingPuller(sources, ahead, SEAL)).result())
        .isEqualTo(RingPuller.Result.SAME);
    RingSeal other = RingSeal.with("fedcba9876543210".getBytes(US_ASCII));
    RingInbox behind = inbox("behind", 1);
    RingPuller.Look foreign = look(new RingPuller(sources, behind, other));
    assertThat(foreign.result()).isEqualTo(RingPuller.Result.FAILED);
    assertThat(foreign.words()).contains("secret");
    assertThat(inForce(behind)).isEqualTo(1);
    assertThat(inForce(ahead)).isEqualTo(8);
  }

  @Test
  void aSealOfAnotherRingOffersNothing() throws Exception {
    String seal = SEAL.write(RingSeal.Sealed.of("container", 99, new byte[0]));
    Endpoint wrong = listen(server -> CompletableFuture.completedFuture(Response.text(200, seal)));
    RingInbox there = inbox("there", 3);
    RingPuller puller = new RingPuller(List.of(source(wrong), source(service)), there, SEAL);
    assertThat(look(puller).words()).isEqualTo("version 5 from " + source(service));
    assertThat(look(puller).words()).contains("its seal is of the ring container");
  }

  @Test
  void serversDoNotAllComeAtOnce() {
    Random random = new Random(1);
    Duration interval = Duration.ofSeconds(15);
    for (int i = 0; i < 1000; i++) {
      assertThat(RingFetching.pause(interval, random))
          .isBetween(Duration.ofSeconds(12), Duration.ofSeconds(18));
    }
    assertThat(RingFetching.pause(interval, random))
        .isNotEqualTo(RingFetching.pause(interval, random));
  }
}
