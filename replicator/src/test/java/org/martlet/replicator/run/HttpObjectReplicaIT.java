package org.martlet.replicator.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.martlet.common.http.BlockingBody;
import org.martlet.common.http.BlockingHandlers;
import org.martlet.common.http.Bodies;
import org.martlet.common.http.Body;
import org.martlet.common.http.Chunk;
import org.martlet.common.http.Endpoint;
import org.martlet.common.http.EventLoops;
import org.martlet.common.http.Headers;
import org.martlet.common.http.HttpClientConfig;
import org.martlet.common.http.HttpFault;
import org.martlet.common.http.HttpServer;
import org.martlet.common.http.HttpServerConfig;
import org.martlet.common.http.NettyHttpClient;
import org.martlet.common.http.Request;
import org.martlet.common.http.Response;
import org.martlet.common.http.ServerRequest;
import org.martlet.common.http.Timeouts;
import org.martlet.common.model.Digest;
import org.martlet.common.model.ObjectHash;
import org.martlet.common.model.PartitionId;
import org.martlet.common.protocol.BackendHeaders;
import org.martlet.common.protocol.BackendSignature;
import org.martlet.common.replication.DigestTable;
import org.martlet.common.replication.FrameHead;
import org.martlet.common.replication.HashRange;
import org.martlet.common.replication.MergeResult;
import org.martlet.common.replication.RecordEntry;
import org.martlet.common.replication.RecordList;
import org.martlet.replicator.plan.Leaf;
import org.martlet.replicator.plan.ModelState;

/// What a device says over HTTP, well or badly, and what comes of it here.
class HttpObjectReplicaIT {
  private static final byte[] SECRET = "sixteen bytes and more".getBytes(StandardCharsets.UTF_8);
  private static final HashRange ALL = new Leaf(0, 0).range();
  private static final ObjectHash HASH = new ObjectHash(5, 5);

  /// What a server does with a request whose signature is right.
  private interface Word {
    Response answer(ServerRequest request) throws Exception;
  }

  private final InstantSource clock = InstantSource.system();
  private final BackendSignature signature = BackendSignature.with(SECRET, clock);
  private final Map<String, Word> words = new ConcurrentHashMap<>();
  private final AtomicInteger bytesTaken = new AtomicInteger();
  private ExecutorService threads;
  private EventLoops loops;
  private NettyHttpClient client;
  private HttpServer server;
  private HttpObjectReplica replica;

  @BeforeEach
  void start() throws IOException {
    threads = Executors.newVirtualThreadPerTaskExecutor();
    loops = EventLoops.start(1);
    client = new NettyHttpClient(loops, HttpClientConfig.DEFAULT);
    server =
        HttpServer.start(
            HttpServerConfig.on("127.0.0.1", 0), loops, BlockingHandlers.on(threads, this::answer));
    replica = replicaAt("d1", server.port());
  }

  @AfterEach
  void stop() {
    client.close();
    server.close();
    loops.close();
    threads.close();
  }

  private HttpObjectReplica replicaAt(String device, int port) {
    Timeouts timeouts =
        new Timeouts(Duration.ofSeconds(5), Duration.ofSeconds(20), Duration.ofSeconds(20));
    Budget budget = new Budget(0, 0, () -> 1, clock, Thread::sleep);
    Wire wire = new Wire(client, signature, timeouts, budget);
    return new HttpObjectReplica(new DeviceCalls(wire, new Endpoint("127.0.0.1", port), device), 2);
  }

  /// Asked as `METHOD /path?query`.
  private Response answer(ServerRequest asked) throws Exception {
    Request request = asked.request();
    String refusal =
        signature.refusal(
            request.method(), request.target(), asked.declaredLength(), request.headers());
    if (refusal != null) {
      return Response.text(401, refusal);
    }
    Word word = words.get(request.method() + " " + request.target());
    return word == null ? Response.text(404, request.target()) : word.answer(asked);
  }

  private void whenAsked(String what, Word word) {
    words.put(what, word);
  }

  private void whenAsked(String what, byte[] body, String... headers) {
    whenAsked(what, request -> new Response(200, Headers.of(headers), Body.of(body)));
  }

  private static byte[] read(ServerRequest request) throws HttpFault {
    return new BlockingBody(request.request().body()).readAll(32 << 20);
  }

  private static void assertFault(ReplicaFault.Kind kind, LocalFault.Call<?> call) {
    assertThatThrownBy(call::run)
        .isInstanceOfSatisfying(
            ReplicaFault.class,
            fault -> {
              assertThat(fault.kind()).isEqualTo(kind);
              assertThat(fault).hasMessageStartingWith("127.0.0.1:").hasMessageContaining("/d1: ");
            });
  }

  private static byte[] table(Map<Integer, Digest> digests) {
    return DigestTable.encode(new TreeMap<>(digests));
  }

  @Test
  void rootsAreReadToTheirEnd() throws Exception {
    whenAsked(
        "GET /d1/replication/roots?policy=2&part_power=8&first=0",
        table(Map.of(3, new Digest(1, 1))),
        "X-Backend-Next-Partition",
        "7");
    whenAsked(
        "GET /d1/replication/roots?policy=2&part_power=8&first=7",
        table(Map.of(9, new Digest(2, 2))));
    assertThat(replica.roots(8))
        .isEqualTo(
            Map.of(new PartitionId(3), new Digest(1, 1), new PartitionId(9), new Digest(2, 2)));
  }

  @Test
  void onlyPartitionsThatWereAskedAboutComeBack() throws Exception {
    whenAsked(
        "POST /d1/replication/roots?policy=2&part_power=8",
        request -> {
          assertThat(DigestTable.decode(read(request))).containsOnlyKeys(3, 4);
          return new Response(200, new Headers(), Body.of(table(Map.of(4, Digest.ZERO))));
        });
    TreeMap<PartitionId, Digest> ours =
        new TreeMap<>(
            Map.of(new PartitionId(3), Digest.ZERO, new PartitionId(4), new Digest(1, 1)));
    assertThat(replica.differing(8, ours)).containsOnlyKeys(new PartitionId(4));
  }

  @Test
  void leavesOfAnotherPartitionAreNotBelieved() throws Exception {
    String asked = "GET /d1/replication/leaves?policy=2&part_power=8&partition=3&bits=31";
    whenAsked(
        asked,
        table(Map.of(3 << 2, new Digest(1, 1))),
        BackendHeaders.LEAF_BITS,
        "10",
        BackendHeaders.PRIMARY,
        "true");
    LeafDigests leaves = replica.leaves(8, new PartitionId(3), 31);
    assertThat(leaves.bits()).isEqualTo(10);
    assertThat(leaves.isPrimary()).isTrue();
    assertThat(leaves.digests().nonEmpty()).containsExactly(new Leaf(10, 12));
    whenAsked(
        asked,
        table(Map.of(99, new Digest(1, 1))),
        BackendHeaders.LEAF_BITS,
        "10",
        BackendHeaders.PRIMARY,
        "true");
    assertFault(ReplicaFault.Kind.PROTOCOL, () -> replica.leaves(8, new PartitionId(3), 31));
  }

  private static String recordsPath(int limit) {
    return "GET /d1/replication/records?policy=2&from="
        + "0".repeat(32)
        + "&to="
        + "f".repeat(32)
        + "&limit="
        + limit;
  }

  private static RecordEntry entry(long high) {
    return new RecordEntry(new ObjectHash(high, 0), ModelState.put(5, 1, 1).clocks(), 9);
  }

  @Test
  void aListingThatWasCutShortReachesAsFarAsItSays() throws Exception {
    whenAsked(
        recordsPath(10),
        RecordList.encode(List.of(entry(1), entry(2))),
        BackendHeaders.PRIMARY,
        "false",
        BackendHeaders.NEXT_HASH,
        new ObjectHash(7, 0).toString());
    ObjectReplica.Listed listed = replica.records(ALL, 10);
    assertThat(listed.isPrimary()).isFalse();
    assertThat(listed.page().entries()).containsExactly(entry(1), entry(2));
    assertThat(listed.page().covered())
        .isEqualTo(new HashRange(ALL.first(), new ObjectHash(6, -1)));
  }

  @Test
  void aFullListingReachesToItsLastEntryAndAnyOtherToTheEnd() throws Exception {
    for (int limit : List.of(2, 3)) {
      whenAsked(
          recordsPath(limit),
          RecordList.encode(List.of(entry(1), entry(2))),
          BackendHeaders.PRIMARY,
          "true");
    }
    assertThat(replica.records(ALL, 2).page().covered().last()).isEqualTo(new ObjectHash(2, 0));
    assertThat(replica.records(ALL, 3).page().covered()).isEqualTo(ALL);
  }

  @Test
  void aListingOutOfOrderIsNotBelieved() {
    whenAsked(
        recordsPath(10),
        RecordList.encode(List.of(entry(2), entry(1))),
        BackendHeaders.PRIMARY,
        "true");
    assertFault(ReplicaFault.Kind.PROTOCOL, () -> replica.records(ALL, 10));
  }

  @Test
  void anAnswerLongerThanItCanBeIsNotRead() {
    AtomicInteger pulled = new AtomicInteger();
    whenAsked(
        recordsPath(10),
        request ->
            new Response(
                200,
                new Headers(),
                Bodies.pulling(
                    -1,
                    () -> {
                      pulled.addAndGet(1 << 16);
                      return CompletableFuture.completedFuture(Chunk.of(new byte[1 << 16]));
                    },
                    () -> {})));
    assertFault(ReplicaFault.Kind.PROTOCOL, () -> replica.records(ALL, 10));
    assertThat(pulled.get()).isLessThan(8 << 20);
  }

  @Test
  void whyADeviceDoesNotAnswerIsTold() {
    for (int status : List.of(503, 507)) {
      whenAsked(recordsPath(10), request -> Response.text(status, "busy"));
      assertFault(ReplicaFault.Kind.UNAVAILABLE, () -> replica.records(ALL, 10));
    }
    whenAsked(recordsPath(10), request -> Response.text(400, "no"));
    assertFault(ReplicaFault.Kind.PROTOCOL, () -> replica.records(ALL, 10));
    HttpObjectReplica nobody = replicaAt("d1", closedPort());
    assertFault(ReplicaFault.Kind.UNREACHABLE, () -> nobody.records(ALL, 10));
  }

  private int closedPort() {
    try (HttpServer other =
        HttpServer.start(
            HttpServerConfig.on("127.0.0.1", 0),
            loops,
            BlockingHandlers.on(threads, this::answer))) {
      return other.port();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static byte[] frame(ObjectHash hash, int body) {
    FrameHead head = new FrameHead(hash, 7, false, 10, body, 0);
    ByteBuffer bytes = ByteBuffer.allocate((int) head.frameBytes());
    head.write(bytes);
    byte[] rest = new byte[bytes.remaining()];
    new Random(body).nextBytes(rest);
    return bytes.put(rest).array();
  }

  @Test
  void whatIsFetchedIsPassedOnAsItIs() throws Exception {
    byte[] sent = frame(HASH, 1000);
    whenAsked("POST /d1/replication/fetch?policy=2", sent);
    List<RecordFrame> frames = replica.fetch(List.of(new ObjectHash(4, 4), HASH));
    assertThat(frames).hasSize(1);
    MergeResult merged =
        new MergeResult(MergeResult.Outcome.MERGED, ModelState.put(5, 1, 1).clocks());
    whenAsked(
        "POST /d1/replication/merge?policy=2",
        request -> {
          assertThat(read(request)).isEqualTo(sent);
          return new Response(200, new Headers(), Body.of(MergeResult.encode(List.of(merged))));
        });
    assertThat(replica.merge(frames)).containsExactly(merged);
    assertThat(frames.getFirst().withoutBody().bytes().remaining()).isEqualTo(FrameHead.BYTES + 10);
  }

  @Test
  void recordsThatWereNotAskedForAreNotTaken() {
    whenAsked("POST /d1/replication/fetch?policy=2", frame(HASH, 10));
    assertFault(ReplicaFault.Kind.PROTOCOL, () -> replica.fetch(List.of(new ObjectHash(4, 4))));
  }

  @Test
  void asManyResultsAsRecordsMustCome() {
    whenAsked("POST /d1/replication/merge?policy=2", MergeResult.encode(List.of()));
    RecordFrame frame = FrameReader.read(frame(HASH, 10)).getFirst();
    assertFault(ReplicaFault.Kind.PROTOCOL, () -> replica.merge(List.of(frame)));
  }

  @Test
  void aLargeRecordIsStreamedFromOneDeviceToTheOther() throws Exception {
    byte[] sent = frame(HASH, 5 << 20);
    MergeResult merged =
        new MergeResult(MergeResult.Outcome.MERGED, ModelState.put(5, 1, 1).clocks());
    whenAsked("GET /d2/replication/record?policy=2&hash=" + HASH, sent);
    whenAsked(
        "PUT /d1/replication/record?policy=2&hash=" + HASH,
        request -> {
          byte[] received = read(request);
          bytesTaken.set(received.length);
          assertThat(received).isEqualTo(sent);
          return new Response(200, new Headers(), Body.of(MergeResult.encode(List.of(merged))));
        });
    ObjectReplica.Copied copied =
        replica.copyFrom(replicaAt("d2", server.port()), HASH).orElseThrow();
    assertThat(copied.result()).isEqualTo(merged);
    assertThat(copied.head().sequence()).isEqualTo(7);
    assertThat(bytesTaken.get()).isEqualTo(sent.length);
  }

  @Test
  void aRecordThatTheSourceHasNotIsNoFault() throws Exception {
    assertThat(replica.copyFrom(replicaAt("d2", server.port()), HASH)).isEmpty();
  }

  @Test
  void aSourceThatBreaksOffIsNotTheOtherDevicesFault() throws Exception {
    byte[] sent = frame(HASH, 5 << 20);
    AtomicInteger chunks = new AtomicInteger();
    whenAsked(
        "GET /d2/replication/record?policy=2&hash=" + HASH,
        request ->
            new Response(
                200,
                new Headers(),
                Bodies.pulling(
                    sent.length,
                    () ->
                        chunks.getAndIncrement() == 0
                            ? CompletableFuture.completedFuture(Chunk.of(sent, 0, 1 << 20))
                            : CompletableFuture.failedFuture(new IOException("damaged")),
                    () -> {})));
    whenAsked(
        "PUT /d1/replication/record?policy=2&hash=" + HASH,
        request -> {
          bytesTaken.set(read(request).length);
          return Response.empty(200);
        });
    assertThat(replica.copyFrom(replicaAt("d2", server.port()), HASH)).isEmpty();
    assertThat(bytesTaken.get()).as("nothing was taken whole").isZero();
  }

  @Test
  void aRequestThatWaitsForTheBudgetIsNotSentWhenItStops() {
    Budget budget = new Budget(0, 1, () -> 1, () -> Instant.EPOCH, Thread::sleep);
    Timeouts timeouts =
        new Timeouts(Duration.ofSeconds(1), Duration.ofSeconds(1), Duration.ofSeconds(1));
    Wire wire = new Wire(client, signature, timeouts, budget);
    HttpObjectReplica stopped =
        new HttpObjectReplica(
            new DeviceCalls(wire, new Endpoint("127.0.0.1", server.port()), "d1"), 2);
    budget.stop();
    assertThatThrownBy(() -> stopped.roots(8))
        .isInstanceOfSatisfying(
            ReplicaFault.class,
            fault -> assertThat(fault.kind()).isEqualTo(ReplicaFault.Kind.STOPPED));
  }

  @Test
  void repairsAreRead() throws Exception {
    whenAsked(
        "GET /d1/replication/repairs?after=5&limit=10",
        ("{\"repairs\":[{\"id\":6,\"policy\":1,\"hash\":\""
                + HASH
                + "\",\"reason\":\"damaged\"}],\"dropped\":3}")
            .getBytes(StandardCharsets.UTF_8));
    HttpRepairSource source = new HttpRepairSource(replica.calls());
    RepairSource.Repairs repairs = source.repairs(5, 10);
    assertThat(repairs.dropped()).isEqualTo(3);
    assertThat(repairs.repairs())
        .containsExactly(new RepairSource.Repair(6, 1, HASH, RepairSource.Reason.DAMAGED));
  }
}
