package org.martlet.proxyserver.object;

import static org.assertj.core.api.Assertions.assertThat;
import static org.martlet.proxyserver.object.ObjectFixture.PATH;
import static org.martlet.proxyserver.object.ObjectFixture.pattern;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.martlet.common.http.Body;
import org.martlet.common.http.Headers;
import org.martlet.common.http.HttpFault;
import org.martlet.common.http.Request;
import org.martlet.common.http.Response;
import org.martlet.common.model.Timestamp;
import org.martlet.common.protocol.BackendHeaders;
import org.martlet.proxyserver.backend.FakeCluster;
import org.martlet.proxyserver.backend.FakeDevice;
import org.martlet.proxyserver.backend.FakeDevice.Trick;

@Timeout(20)
class ObjectPutTest {
  private static final int SMALL = 5000;
  private static final int LARGE = 300_000;

  private final ObjectFixture fixture = new ObjectFixture();

  @ParameterizedTest
  @ValueSource(ints = {0, 1, SMALL, 65_536, 65_537, LARGE})
  void storesEveryCopyAndTellsTheEtag(int size) throws Exception {
    byte[] body = pattern(size);

    Response answer = fixture.put(body, "Content-Type", "image/png", "X-Object-Meta-Color", "red");

    assertThat(answer.status()).isEqualTo(201);
    assertThat(answer.headers().get("ETag")).isEqualTo(FakeDevice.md5(body));
    assertThat(answer.headers().get("Last-Modified")).isEqualTo("Thu, 01 Jan 1970 00:16:40 GMT");
    for (FakeDevice device : fixture.primaries()) {
      FakeDevice.Kept kept = device.kept(PATH).orElseThrow();
      assertThat(kept.body()).isEqualTo(body);
      assertThat(kept.headers().get("Content-Type")).isEqualTo("image/png");
      assertThat(kept.headers().get("X-Object-Meta-Color")).isEqualTo("red");
    }
  }

  @Test
  void tellsEachDeviceWhichReplicaItIs() throws Exception {
    fixture.put(pattern(10));
    for (int i = 0; i < 3; i++) {
      Request request = fixture.primaries().get(i).requests().getFirst();
      assertThat(request.headers().get(BackendHeaders.REPLICA_INDEX)).isEqualTo("" + i);
      assertThat(request.headers().get(BackendHeaders.POLICY_INDEX)).isEqualTo("0");
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {SMALL, LARGE})
  void readsChunkedBodiesToTheirEnd(int size) throws Exception {
    byte[] body = pattern(size);
    assertThat(fixture.call("PUT", "c/o", new SlowBody(body, -1, null)).status()).isEqualTo(201);
    assertThat(fixture.copies(body)).isEqualTo(3);
  }

  @ParameterizedTest
  @ValueSource(ints = {SMALL, LARGE})
  void aFullDeviceIsReplacedByAHandoff(int size) throws Exception {
    byte[] body = pattern(size);
    fixture.primaries().get(1).full();

    assertThat(fixture.put(body).status()).isEqualTo(201);

    assertThat(fixture.copies(body)).isEqualTo(3);
    FakeDevice handoff = fixture.handoffs().getFirst();
    assertThat(handoff.kept(PATH)).isPresent();
    assertThat(handoff.requests().getFirst().headers().get(BackendHeaders.REPLICA_INDEX))
        .isEqualTo("1");
  }

  @ParameterizedTest
  @ValueSource(ints = {SMALL, LARGE})
  void tooFewDevicesAreUnavailable(int size) throws Exception {
    fixture.fake.servers.all().forEach(FakeDevice::dead);
    fixture.primaries().getFirst().always(null);

    assertThat(fixture.put(pattern(size)).status()).isEqualTo(503);
  }

  @ParameterizedTest
  @ValueSource(ints = {SMALL, LARGE})
  void doesNotWaitForALateReplicaWhichMayFinish(int size) throws Exception {
    byte[] body = pattern(size);
    CompletableFuture<Void> later = new CompletableFuture<>();
    ObjectFixture hasty = new ObjectFixture(new FakeCluster(Duration.ofMillis(100)));
    hasty.primaries().get(2).once(new Trick.Delay(later));

    assertThat(hasty.put(body).status()).isEqualTo(201);
    assertThat(hasty.copies(body)).isLessThan(3);

    later.complete(null);
  }

  @ParameterizedTest
  @ValueSource(ints = {SMALL, LARGE})
  void outbidsAClockThatRunsAhead(int size) throws Exception {
    byte[] body = pattern(size);
    long ahead = Timestamp.of(fixture.fake.clock().instant()).ticks() + 5_000_000;
    fixture.primaries().get(0).keep(PATH, ahead, "older, but from the future");
    fixture.primaries().get(1).keep(PATH, ahead + 7, "newer, from the future");

    assertThat(fixture.put(body).status()).isEqualTo(201);

    assertThat(fixture.copies(body)).isEqualTo(3);
    for (FakeDevice device : fixture.primaries()) {
      assertThat(device.kept(PATH).orElseThrow().clock()).isEqualTo(Timestamp.ofTicks(ahead + 8));
      assertThat(device.requests().getLast().headers().get(BackendHeaders.POLICY_INDEX))
          .isEqualTo("0");
    }
  }

  @Test
  void aConcurrentWriteThatWonAtTheCommitCounts() throws Exception {
    Headers winner = Headers.of(BackendHeaders.STORED_TIMESTAMP, "0000002000.00000");
    fixture.primaries().get(0).once(new Trick.AnswerAtEnd(409, winner));
    fixture.primaries().get(1).once(new Trick.AnswerAtEnd(409, winner));

    assertThat(fixture.put(pattern(LARGE)).status()).isEqualTo(201);
  }

  @ParameterizedTest
  @CsvSource({
    SMALL + ",CLOSED,499",
    SMALL + ",TIMEOUT,408",
    LARGE + ",CLOSED,499",
    LARGE + ",TIMEOUT,408"
  })
  void aClientThatBreaksOffStoresNothing(int size, HttpFault.Kind kind, int status)
      throws Exception {
    Response answer = fixture.call("PUT", "c/o", new SlowBody(pattern(size), size + 10, kind));

    assertThat(answer.status()).isEqualTo(status);
    assertThat(fixture.copies(pattern(size))).isZero();
  }

  @ParameterizedTest
  @ValueSource(ints = {SMALL, LARGE})
  void aWrongEtagIsRefusedAndStoresNothing(int size) throws Exception {
    byte[] body = pattern(size);
    assertThat(fixture.put(body, "ETag", "0123456789abcdef0123456789abcdef").status())
        .isEqualTo(422);
    assertThat(fixture.copies(body)).isZero();
    assertThat(fixture.put(body, "ETag", "\"" + FakeDevice.md5(body) + "\"").status())
        .isEqualTo(201);
  }

  @ParameterizedTest
  @ValueSource(ints = {SMALL, LARGE})
  void createsOnlyWhereNothingIs(int size) throws Exception {
    byte[] body = pattern(size);
    assertThat(fixture.put(body, "If-None-Match", "*").status()).isEqualTo(201);
    assertThat(fixture.put(pattern(size + 1), "If-None-Match", "*").status()).isEqualTo(412);
    assertThat(fixture.copies(body)).isEqualTo(3);
    assertThat(fixture.put(body, "If-None-Match", "abc").status()).isEqualTo(400);
  }

  @Test
  void goesOnWithoutADeviceThatBreaksOffWithinTheBody() throws Exception {
    byte[] body = pattern(LARGE);
    fixture.primaries().get(1).once(new Trick.AnswerAtEnd(500, new Headers()));
    assertThat(fixture.put(body).status()).isEqualTo(201);
    assertThat(fixture.copies(body)).isEqualTo(2);
  }

  @Test
  void aStalledDeviceIsGivenUpAndMemoryStaysBounded() throws Exception {
    byte[] body = pattern(8 << 20);
    CompletableFuture<Void> never = new CompletableFuture<>();
    fixture.primaries().get(1).once(new Trick.Stall(100_000, never));

    assertThat(fixture.call("PUT", "c/o", new SlowBody(body, body.length, null)).status())
        .isEqualTo(201);
    assertThat(fixture.copies(body)).isEqualTo(2);
    never.complete(null);
  }

  @Test
  void twoStalledDevicesOfThreeAreSoonTooFew() throws Exception {
    byte[] body = pattern(8 << 20);
    CompletableFuture<Void> never = new CompletableFuture<>();
    fixture.primaries().get(0).once(new Trick.Stall(100_000, never));
    fixture.primaries().get(1).once(new Trick.Stall(100_000, never));
    long start = System.nanoTime();

    assertThat(fixture.call("PUT", "c/o", new SlowBody(body, body.length, null)).status())
        .isEqualTo(503);

    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(4));
    assertThat(fixture.copies(body)).isZero();
    never.complete(null);
  }

  @Test
  void ofTwoStalledDevicesTheOneThatGoesOnIsKept() throws Exception {
    byte[] body = pattern(8 << 20);
    CompletableFuture<Void> never = new CompletableFuture<>();
    CompletableFuture<Void> later = new CompletableFuture<>();
    fixture.primaries().get(0).once(new Trick.Stall(100_000, never));
    fixture.primaries().get(1).once(new Trick.Stall(100_000, later));
    later.completeOnTimeout(null, 300, TimeUnit.MILLISECONDS);

    assertThat(fixture.call("PUT", "c/o", new SlowBody(body, body.length, null)).status())
        .isEqualTo(201);
    assertThat(fixture.copies(body)).isEqualTo(2);
    never.complete(null);
  }

  @ParameterizedTest
  @ValueSource(ints = {SMALL, LARGE})
  void handoffsStandInForDevicesThatSayNothing(int size) throws Exception {
    byte[] body = pattern(size);
    ObjectFixture hasty = new ObjectFixture(new FakeCluster(Duration.ofMillis(100)));
    hasty.primaries().get(0).once(new Trick.Hang());
    hasty.primaries().get(2).once(new Trick.Hang());

    assertThat(hasty.put(body).status()).isEqualTo(201);
    assertThat(hasty.copies(body)).isGreaterThanOrEqualTo(2);
    assertThat(hasty.handoffs().getFirst().kept(PATH)).isPresent();
  }

  @Test
  void theClientIsNotReadFasterThanTheSlowestNeededDeviceTakes() throws Exception {
    byte[] bytes = pattern(8 << 20);
    SlowBody body = new SlowBody(bytes, bytes.length, null);
    CompletableFuture<Void> later = new CompletableFuture<>();
    fixture.primaries().get(0).once(new Trick.Stall(100_000, later));
    fixture.primaries().get(1).once(new Trick.Stall(100_000, later));
    fixture.primaries().get(2).once(new Trick.Stall(100_000, later));
    body.watch(() -> !later.isDone());
    later.completeOnTimeout(null, 300, TimeUnit.MILLISECONDS);

    assertThat(fixture.call("PUT", "c/o", body).status()).isEqualTo(201);

    // What devices took before they stalled, their queues, and a piece on each side of a queue.
    assertThat(body.pulledWhileWatched()).isLessThan(100_000 + (256 << 10) + 3 * (64 << 10));
  }

  @Test
  void tooLongBodiesAreRefused() throws Exception {
    assertThat(fixture.call("PUT", "c/o", new SlowBody(new byte[0], 5_368_709_123L, null)).status())
        .isEqualTo(413);
    assertThat(fixture.primaries().getFirst().requests()).isEmpty();
  }

  @Test
  void aBodyOfUnknownLengthNeedsChunks() throws Exception {
    Request request = new Request("PUT", "/v1/a/c/o", new Headers(), Body.empty());
    assertThat(fixture.handle(fixture.context(request, "c/o")).status()).isEqualTo(411);
  }

  @Test
  void needsAContainer() throws Exception {
    assertThat(fixture.call("PUT", "missing/o", Body.empty()).status()).isEqualTo(404);
  }

  @Test
  void guessesTheContentType() throws Exception {
    fixture.call("PUT", "c/dir/photo.JPG", Body.empty());
    fixture.call("PUT", "c/plain", Body.empty());
    assertThat(kept("dir/photo.JPG").headers().get("Content-Type")).isEqualTo("image/jpeg");
    assertThat(kept("plain").headers().get("Content-Type")).isEqualTo("application/octet-stream");
  }

  private FakeDevice.Kept kept(String object) {
    return fixture.fake.servers.all().stream()
        .flatMap(device -> device.kept("/a/c/" + object).stream())
        .findFirst()
        .orElseThrow();
  }

  @ParameterizedTest
  @CsvSource({
    "X-Delete-At, abc",
    "X-Delete-At, 999",
    "X-Delete-After, -5",
    "X-Delete-After, 1.5",
    "X-Object-Manifest, nocontainer",
    "X-Object-Manifest, c/?x",
    "X-Static-Large-Object, true",
    "Content-Type, text/plain;swift_bytes=3",
  })
  void refusesHeadersThatMakeNoSense(String name, String value) throws Exception {
    assertThat(fixture.put(new byte[3], name, value).status()).isEqualTo(400);
    assertThat(fixture.copies(new byte[3])).isZero();
  }

  @Test
  void recordsWhenTheObjectEnds() throws Exception {
    fixture.put(new byte[1], "X-Delete-After", "60");
    assertThat(kept("o").headers().get("X-Delete-At")).isEqualTo("0000001060");
    fixture.put(new byte[1], "X-Delete-At", "99999999999999999999");
    assertThat(kept("o").headers().get("X-Delete-At")).isEqualTo("9999999999");
  }

  @Test
  void oneCopyIsNotEnough() throws Exception {
    fixture.fake.servers.all().forEach(FakeDevice::full);
    fixture.handoffs().getFirst().always(null);

    assertThat(fixture.put(pattern(SMALL)).status()).isEqualTo(503);
  }
}
