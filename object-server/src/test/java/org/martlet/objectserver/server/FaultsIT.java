package org.martlet.objectserver.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.martlet.common.disk.DiskInjection;
import org.martlet.common.disk.DiskOperation;
import org.martlet.common.disk.FaultyDisk.Fault;
import org.martlet.common.http.Body;
import org.martlet.common.http.Chunk;
import org.martlet.common.http.Headers;
import org.martlet.common.http.HttpClient;
import org.martlet.common.http.Request;
import org.martlet.common.http.Response;
import org.martlet.common.http.Timeouts;
import org.martlet.objectserver.server.ObjectNode.Answer;

class FaultsIT {
  private static final Timeouts TIMEOUTS = RequestTimeouts.LONG;
  private static final int LARGE = 3_000_000;

  @TempDir private Path root;
  private ObjectNode node;

  @BeforeEach
  void start() throws Exception {
    node = new ObjectNode(root);
  }

  @AfterEach
  void stop() {
    node.faults.heal();
    node.close();
    assertThat(node.budget.left()).as("memory given back").isEqualTo(8 << 20);
    assertThat(node.buffers.outstanding()).as("buffers given back").isZero();
  }

  private static byte[] bytes(int size) {
    byte[] bytes = new byte[size];
    new Random(size).nextBytes(bytes);
    return bytes;
  }

  private Answer put(String path, byte[] body) throws Exception {
    return node.send(
        "PUT",
        path,
        Body.of(body),
        Headers.of("X-Timestamp", "1700000001.00000", "Content-Type", "text/plain"));
  }

  /// Flips a bit of a stored body, wherever on the device it lies.
  private void damage(byte[] body, int offset) throws IOException {
    try (Stream<Path> files = Files.walk(root)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        if (damage(file, body, offset)) {
          return;
        }
      }
    }
    throw new AssertionError("the body is in no file");
  }

  private static boolean damage(Path path, byte[] body, int offset) throws IOException {
    String content = latin1(Files.readAllBytes(path));
    int at = content.indexOf(latin1(Arrays.copyOf(body, 64)));
    if (at < 0) {
      return false;
    }
    try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
      file.seek(at + offset);
      int was = file.read();
      file.seek(at + offset);
      file.write(was ^ 4);
    }
    return true;
  }

  private static String latin1(byte[] bytes) {
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }

  @Test
  void treatsASmallDamagedCopyAsMissing() throws Exception {
    put("/a/c/damaged", bytes(4096));
    put("/a/c/whole", bytes(4097));
    damage(bytes(4096), 4000);

    Answer damaged = node.send("GET", "/a/c/damaged");
    assertThat(damaged.status()).isEqualTo(404);
    assertThat(damaged.headers().get("X-Backend-Timestamp")).isNull();
    assertThat(node.send("GET", "/a/c/damaged").status()).isEqualTo(404);
    assertThat(node.send("GET", "/a/c/whole").body()).isEqualTo(bytes(4097));
    assertThat(put("/a/c/damaged", bytes(4096)).status()).as("repaired").isEqualTo(201);
    assertThat(node.send("GET", "/a/c/damaged").body()).isEqualTo(bytes(4096));
  }

  @Test
  void treatsALargeCopyThatIsDamagedAtItsBeginningAsMissing() throws Exception {
    put("/a/c/o", bytes(LARGE));
    damage(bytes(LARGE), 100);

    assertThat(node.send("GET", "/a/c/o", "Range", "bytes=200000-200001").status())
        .as("another block")
        .isEqualTo(206);
    assertThat(node.send("GET", "/a/c/o").status()).isEqualTo(404);
  }

  @Test
  void cutsTheConnectionBeforeADamagedBlockIsSent() throws Exception {
    byte[] body = bytes(LARGE);
    put("/a/c/o", body);
    int bad = 2_000_000;
    damage(body, bad);

    Response response = begin("/a/c/o").response().get(20, TimeUnit.SECONDS);
    assertThat(response.status()).isEqualTo(200);
    List<Byte> got = new ArrayList<>();
    assertThatThrownBy(() -> readInto(response.body(), got)).isNotNull();
    assertThat(got.size()).isLessThanOrEqualTo(bad / 65_536 * 65_536);
    for (int i = 0; i < got.size(); i++) {
      if (got.get(i) != body[i]) {
        throw new AssertionError("a wrong byte left at " + i);
      }
    }
    assertThat(node.send("HEAD", "/a/c/o").status()).as("quarantined").isEqualTo(404);
  }

  private static void readInto(Body body, List<Byte> got) throws Exception {
    for (Chunk chunk = next(body); chunk.size() > 0; chunk = next(body)) {
      byte[] bytes = new byte[chunk.size()];
      chunk.bytes().get(bytes);
      chunk.release();
      for (byte b : bytes) {
        got.add(b);
      }
    }
  }

  private static Chunk next(Body body) throws Exception {
    return body.next().get(20, TimeUnit.SECONDS);
  }

  private HttpClient.Call begin(String path) {
    Headers headers = new Headers();
    node.signature.sign("GET", "/sda/0" + path, 0, headers);
    return node.client.send(
        node.endpoint(), Request.withoutBody("GET", "/sda/0" + path, headers), TIMEOUTS);
  }

  @Test
  void letsGoOfABodyWhoseReaderIsGone() throws Exception {
    put("/a/c/o", bytes(LARGE));
    for (int i = 0; i < 10; i++) {
      HttpClient.Call call = begin("/a/c/o");
      Response response = call.response().get(20, TimeUnit.SECONDS);
      next(response.body()).release();
      call.abort();
      response.body().close();
    }

    assertThat(node.send("GET", "/a/c/o").body()).isEqualTo(bytes(LARGE));
  }

  @Test
  void takesADeviceThatFailsToSyncOutOfService() throws Exception {
    put("/a/c/before", bytes(10));
    node.faults.inject(DiskOperation.FORCE, Fault.IO_ERROR);

    assertThat(put("/a/c/o", bytes(11)).status()).isEqualTo(507);
    assertThat(put("/a/c/o", bytes(12)).status()).isEqualTo(507);
    assertThat(node.send("GET", "/a/c/before").status()).isEqualTo(507);
    assertThat(node.exchange("GET", "/healthcheck", Body.empty(), new Headers(), false).status())
        .isEqualTo(200);
    assertThat(
            node.exchange("GET", "/recon/martlet/devices", Body.empty(), new Headers(), false)
                .text())
        .contains("Offline");
  }

  @Test
  void storesAgainWhenThereIsSpaceAgain() throws Exception {
    node.faults.inject(DiskOperation.WRITE, Fault.NO_SPACE);
    assertThat(put("/a/c/o", bytes(10)).status()).isEqualTo(507);

    node.clock.advance(Duration.ofMinutes(1));
    assertThat(put("/a/c/o", bytes(10)).status()).isEqualTo(201);
    assertThat(node.send("GET", "/a/c/o").body()).isEqualTo(bytes(10));
  }

  @Test
  void readsWhileASyncHangs() throws Exception {
    put("/a/c/before", bytes(10));
    DiskInjection hang = node.faults.inject(DiskOperation.FORCE, Fault.HANG);
    try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<Answer> hanging = clients.submit(() -> put("/a/c/o", bytes(11)));
      assertThat(hang.awaitHang()).isTrue();
      assertThat(node.send("GET", "/a/c/before").body()).isEqualTo(bytes(10));
      assertThat(hanging.isDone()).isFalse();
      node.faults.heal();
      assertThat(hanging.get(20, TimeUnit.SECONDS).status()).isEqualTo(201);
    }
  }

  @Test
  void refusesNewRequestsForADeviceThatHangs() throws Exception {
    put("/a/c/before", bytes(10));
    DiskInjection hang = node.faults.inject(DiskOperation.FORCE, Fault.HANG);
    try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<Answer> hanging = clients.submit(() -> put("/a/c/o", bytes(11)));
      assertThat(hang.awaitHang()).isTrue();
      node.clock.advance(Duration.ofSeconds(11));
      assertThat(put("/a/c/p", bytes(12)).status()).isEqualTo(507);
      assertThat(node.send("GET", "/a/c/before").status()).isEqualTo(507);
      node.faults.heal();
      assertThat(hanging.get(20, TimeUnit.SECONDS).status()).isIn(201, 507);
    }
  }

  @Test
  void givesBackTheMemoryOfWhatWaitsBehindASyncThatHangs() throws Exception {
    DiskInjection hang = node.faults.inject(DiskOperation.FORCE, Fault.HANG);
    try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<Answer> hanging = clients.submit(() -> put("/a/c/o", bytes(11)));
      assertThat(hang.awaitHang()).isTrue();
      List<Future<Answer>> waiting = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        String path = "/a/c/" + i;
        waiting.add(clients.submit(() -> put(path, bytes(50_000))));
      }
      await(() -> node.store().queued() == 8);
      assertThat(node.budget.left()).isEqualTo((8 << 20) - 11 - 8 * 50_000);
      node.clock.advance(Duration.ofSeconds(3));
      for (Future<Answer> each : waiting) {
        assertThat(each.get(20, TimeUnit.SECONDS).status()).isEqualTo(503);
      }
      assertThat(node.budget.left()).isEqualTo((8 << 20) - 11);
      assertThat(hanging.isDone()).isFalse();
      node.faults.heal();
      assertThat(hanging.get(20, TimeUnit.SECONDS).status()).isEqualTo(201);
    }
  }

  private static void await(BooleanSupplier condition) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("waited in vain").isLessThan(end);
      Thread.onSpinWait();
    }
  }

  @Test
  void keepsBodiesApartUnderLoad() throws Exception {
    int clients = 16;
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> all = new ArrayList<>();
      for (int i = 0; i < clients; i++) {
        int client = i;
        all.add(threads.submit(() -> exercise(client)));
      }
      for (Future<?> each : all) {
        each.get(60, TimeUnit.SECONDS);
      }
    }
  }

  private Void exercise(int client) throws Exception {
    Random random = new Random(client);
    for (int i = 0; i < 20; i++) {
      byte[] body = bytes(random.nextInt(300_000));
      String path = "/a/c/" + client + "-" + i;
      assertThat(put(path, body).status()).isEqualTo(201);
      assertThat(node.send("GET", path).body()).isEqualTo(body);
    }
    return null;
  }
}
