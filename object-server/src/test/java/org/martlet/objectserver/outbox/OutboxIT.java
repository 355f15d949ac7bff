package org.martlet.objectserver.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.martlet.common.disk.DiskInjection;
import org.martlet.common.disk.DiskOperation;
import org.martlet.common.disk.FaultyDisk.Fault;
import org.martlet.common.http.Body;
import org.martlet.common.http.Headers;
import org.martlet.common.http.Response;
import org.martlet.common.http.Timeouts;
import org.martlet.common.protocol.ListingRow;
import org.martlet.objectserver.server.ContainerDouble;
import org.martlet.objectserver.server.ContainerDouble.Batch;
import org.martlet.objectserver.server.ObjectNode;
import org.martlet.objectserver.store.DueMark;

class OutboxIT {
  private static final OutboxConfig CONFIG = waiting(Duration.ofSeconds(10));

  private static OutboxConfig waiting(Duration answerWait) {
    return new OutboxConfig(
        answerWait,
        Duration.ofSeconds(10),
        Duration.ofMinutes(5),
        Duration.ofMillis(20),
        Duration.ofDays(7),
        new Timeouts(Duration.ofSeconds(2), Duration.ofSeconds(20), Duration.ofSeconds(20)),
        100);
  }

  @TempDir private Path root;
  private ObjectNode node;

  @BeforeEach
  void start() throws Exception {
    node = new ObjectNode(root, 2, CONFIG);
  }

  @AfterEach
  void stop() {
    node.close();
  }

  /// A node whose answers hardly wait for their updates.
  private void startImpatient() throws Exception {
    node.close();
    node = new ObjectNode(root.resolve("impatient"), 2, waiting(Duration.ofMillis(20)));
  }

  private ContainerDouble containers() {
    return node.containers;
  }

  private static String timestamp(double second) {
    return "%.5f".formatted(1_700_000_000 + second);
  }

  private int put(String path, double second, String... more) throws Exception {
    Headers headers =
        Headers.of("X-Timestamp", timestamp(second), "Content-Type", "text/plain")
            .addAll(Headers.of(more));
    return node.send("PUT", path, Body.of(path.getBytes("UTF-8")), headers).status();
  }

  private List<DueMark> due() throws Exception {
    return node.store().dueMarks(Optional.empty(), 1000);
  }

  private int queued() {
    return (int) node.metrics.get("martlet.object.outbox.queued").gauge().value();
  }

  private static void eventually(String what, Callable<Boolean> holds) throws Exception {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
    while (!holds.call()) {
      assertThat(System.nanoTime()).as(what).isLessThan(end);
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(2));
    }
  }

  /// A pause begins after the answer that it follows from, so that time has to go on until then.
  private void deliveredAsTimePasses() throws Exception {
    eventually(
        "nothing is due",
        () -> {
          node.clock.advance(CONFIG.interval());
          return due().isEmpty();
        });
  }

  private void allDelivered() throws Exception {
    eventually("nothing is due", () -> due().isEmpty());
  }

  @Test
  void reportsToTheContainerReplicaOfTheObjectsReplica() throws Exception {
    put("/a/c/x", 1, "X-Backend-Replica-Index", "0");
    put("/a/c/y", 1, "X-Backend-Replica-Index", "3");
    put("/a/c/z", 1);

    assertThat(containers().row("c0/a/c/x")).isNotNull();
    assertThat(containers().row("c1/a/c/y")).isNotNull();
    assertThat(containers().row("c1/a/c/z")).as("index 1 by the ring").isNotNull();
    assertThat(containers().rowCount()).isEqualTo(3);
    allDelivered();
  }

  @Test
  void sendsWhatAListingShows() throws Exception {
    put("/a/c/o", 1, "X-Backend-Storage-Policy-Index", "1");
    ListingRow row = containers().row("c1/a/c/o");
    assertThat(row.name()).isEqualTo("o");
    assertThat(row.data().internal()).isEqualTo(timestamp(1));
    assertThat(row.size()).isEqualTo(6);
    assertThat(row.etag()).isEqualTo("8ac2bf59556b61bb5cc521ccb51c200a");
    assertThat(row.contentType()).isEqualTo("text/plain");
    assertThat(row.policy()).isEqualTo(1);
    assertThat(row.deleted()).isFalse();

    node.send(
        "POST",
        "/a/c/o",
        "X-Timestamp",
        timestamp(2),
        "Content-Type",
        "image/\u00c3\u00a9",
        "X-Backend-Storage-Policy-Index",
        "1");
    row = containers().row("c1/a/c/o");
    assertThat(row.data().internal()).isEqualTo(timestamp(1));
    assertThat(row.contentTypeClock().internal()).isEqualTo(timestamp(2));
    assertThat(row.metadata().internal()).isEqualTo(timestamp(2));
    assertThat(row.contentType()).isEqualTo("image/é");

    node.send(
        "DELETE", "/a/c/o", "X-Timestamp", timestamp(3), "X-Backend-Storage-Policy-Index", "1");
    row = containers().row("c1/a/c/o");
    assertThat(row.deleted()).isTrue();
    assertThat(row.data().internal()).isEqualTo(timestamp(3));
  }

  @Test
  void showsWhatSystemMetadataSaysInstead() throws Exception {
    put(
        "/a/c/o",
        1,
        "X-Backend-Container-Update-Override-Etag",
        "other; swift_bytes=9",
        "X-Backend-Container-Update-Override-Size",
        "9",
        "X-Backend-Container-Update-Override-Content-Type",
        "image/png");

    ListingRow row = containers().row("c1/a/c/o");
    assertThat(row.etag()).isEqualTo("other; swift_bytes=9");
    assertThat(row.size()).isEqualTo(9);
    assertThat(row.contentType()).isEqualTo("image/png");
  }

  @Test
  void tellsNoListingOfWhatChangesNone() throws Exception {
    put("/a/c/o", 1, "X-Backend-Replication", "true");
    put("/a/c/p", 1, "X-Backend-No-Listing-Update", "yes");

    assertThat(due()).isEmpty();
    put("/a/c/q", 1);
    assertThat(containers().rowCount()).isEqualTo(1);
  }

  @Test
  void gathersRowsWhileARequestIsUnderWay() throws Exception {
    CompletableFuture<Response> gate = new CompletableFuture<>();
    containers().behave(batch -> gate.thenCompose(open -> containers().store(batch)));

    try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Integer>> answers = new ArrayList<>();
      answers.add(clients.submit(() -> put("/a/c/first", 1)));
      Batch first = containers().nextBatch();
      for (int i = 0; i < 20; i++) {
        String path = "/a/c" + i % 2 + "/o" + i;
        answers.add(clients.submit(() -> put(path, 1)));
      }
      eventually("all but the first wait", () -> queued() == 20);
      gate.complete(Response.empty(200));
      for (Future<Integer> answer : answers) {
        assertThat(answer.get(10, TimeUnit.SECONDS)).isEqualTo(201);
      }
      Batch second = containers().nextBatch();
      assertThat(first.rows()).isEqualTo(1);
      assertThat(second.rows()).as("rows of the second request").isEqualTo(20);
      assertThat(second.updates()).hasSizeLessThanOrEqualTo(2);
    }
    allDelivered();
    assertThat(containers().rowCount()).isEqualTo(21);
  }

  @Test
  void answersInTimeAndDeliversLaterWhereAContainerIsSlow() throws Exception {
    startImpatient();
    CompletableFuture<Response> gate = new CompletableFuture<>();
    containers().behave(batch -> gate.thenCompose(open -> containers().store(batch)));

    assertThat(put("/a/c/o", 1)).isEqualTo(201);
    assertThat(due()).hasSize(1);
    assertThat(containers().rowCount()).isZero();

    gate.complete(Response.empty(200));
    allDelivered();
    assertThat(containers().row("c1/a/c/o")).isNotNull();
  }

  @Test
  void bypassesAContainerDeviceThatFailedAndComesBackToIt() throws Exception {
    containers().answerWith(503);
    assertThat(put("/a/c/first", 1)).isEqualTo(201);
    containers().nextBatch();
    containers().behave(containers()::store);

    assertThat(put("/a/c/second", 1)).isEqualTo(201);
    assertThat(containers().batchesWaiting()).as("requests to the bypassed device").isZero();
    assertThat(due()).hasSize(2);

    node.clock.advance(CONFIG.bypass());
    allDelivered();
    assertThat(containers().rowCount()).isEqualTo(2);
  }

  @Test
  void bypassesOnlyTheDeviceThatFailed() throws Exception {
    containers()
        .behave(
            batch ->
                batch.device().equals("c0")
                    ? CompletableFuture.completedFuture(Response.empty(507))
                    : containers().store(batch));
    put("/a/c/x", 1, "X-Backend-Replica-Index", "0");
    put("/a/c/y", 1, "X-Backend-Replica-Index", "1");

    assertThat(containers().row("c1/a/c/y")).isNotNull();
    assertThat(containers().row("c0/a/c/x")).isNull();
    eventually("one is left over", () -> due().size() == 1);
  }

  @Test
  void deliversAfterARestartWhatWasLeftOver() throws Exception {
    containers().answerWith(500);
    for (int i = 0; i < 5; i++) {
      assertThat(put("/a/c/o" + i, 1)).isEqualTo(201);
    }
    node.send("DELETE", "/a/c/o0", "X-Timestamp", timestamp(2));
    node.stop();
    containers().behave(containers()::store);
    node.start();

    allDelivered();
    assertThat(containers().rowCount()).isEqualTo(5);
    assertThat(containers().row("c1/a/c/o0").deleted()).isTrue();
    assertThat(containers().row("c1/a/c/o4").deleted()).isFalse();
  }

  @Test
  void keepsARowWhoseContainerIsUnknownAndTriesAgain() throws Exception {
    containers().answerEachWith(404);
    assertThat(put("/a/c/o", 1)).isEqualTo(201);
    assertThat(due()).hasSize(1);
    containers().behave(containers()::store);

    deliveredAsTimePasses();
    assertThat(containers().row("c1/a/c/o")).isNotNull();
  }

  @Test
  void keepsBackNoRowForTheSakeOfOneThatCannotBeRead() throws Exception {
    containers().answerWith(503);
    put("/a/c/unreadable", 1);
    node.stop();
    node.start();
    put("/a/c/o", 1);
    DiskInjection fault =
        node.faults
            .inject(DiskOperation.READ, file -> file.endsWith("00000001.vol"), Fault.IO_ERROR)
            .andAllAfter();
    containers().behave(containers()::store);

    node.clock.advance(CONFIG.bypass());
    eventually("the row that can be read arrives", () -> due().size() == 1);
    assertThat(containers().row("c1/a/c/o")).isNotNull();
    assertThat(node.metrics.get("martlet.object.outbox.skipped").counter().count()).isPositive();

    fault.stop();
    allDelivered();
    assertThat(containers().row("c1/a/c/unreadable")).isNotNull();
  }

  @Test
  void answersForADurableChangeWhoseUpdateCannotEvenBeTried() throws Exception {
    node.close();
    node = new ObjectNode(root.resolve("no-container"), 0, CONFIG);

    assertThat(put("/a/c/o", 1)).isEqualTo(201);
    assertThat(due()).hasSize(1);
  }

  @Test
  void givesUpARowWhoseContainerIsUnknownAtTheReclaimAge() throws Exception {
    containers().answerEachWith(404);
    put("/a/c/o", 1);
    node.clock.advance(CONFIG.reclaimAge().plusSeconds(10));

    deliveredAsTimePasses();
    assertThat(containers().rowCount()).isZero();
    assertThat(node.metrics.counter("martlet.object.outbox.given.up").count()).isEqualTo(1);
  }

  @Test
  void clearsAMarkOnlyForTheStateThatWasSent() throws Exception {
    startImpatient();
    CompletableFuture<Response> gate = new CompletableFuture<>();
    containers().behave(batch -> gate.thenCompose(open -> containers().store(batch)));
    put("/a/c/o", 1);
    put("/a/c/o", 2);
    gate.complete(Response.empty(200));

    allDelivered();
    assertThat(containers().row("c1/a/c/o").data().internal()).isEqualTo(timestamp(2));
  }

  @Test
  void keepsBackNoRowForTheSakeOfOneThatIsNotAccepted() throws Exception {
    startImpatient();
    CompletableFuture<Response> gate = new CompletableFuture<>();
    containers()
        .behave(
            batch ->
                gate.thenCompose(
                    open ->
                        holdsBadRow(batch)
                            ? CompletableFuture.completedFuture(Response.empty(400))
                            : containers().store(batch)));
    for (int i = 0; i < 10; i++) {
      put(i == 5 ? "/a/c/bad" : "/a/c/o" + i, 1);
    }
    gate.complete(Response.empty(200));

    eventually("one is left over", () -> due().size() == 1);
    assertThat(containers().rowCount()).isEqualTo(9);
  }

  private static boolean holdsBadRow(Batch batch) {
    return batch.updates().stream()
        .flatMap(update -> update.rows().stream())
        .anyMatch(row -> row.name().equals("bad"));
  }

  @Test
  void keepsMoreRowsThanMayWaitInMemory() throws Exception {
    startImpatient();
    CompletableFuture<Response> gate = new CompletableFuture<>();
    containers().behave(batch -> gate.thenCompose(open -> containers().store(batch)));
    int objects = CONFIG.queue() + 50;
    try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < objects; i++) {
        String path = "/a/c/o" + i;
        clients.submit(() -> put(path, 1));
      }
      eventually("all are committed", () -> due().size() == objects);
    }
    assertThat(queued()).isLessThanOrEqualTo(CONFIG.queue());

    gate.complete(Response.empty(200));
    allDelivered();
    assertThat(containers().rowCount()).isEqualTo(objects);
  }
}
