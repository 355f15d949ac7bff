package org.martlet.proxyserver.object;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.martlet.proxyserver.object.ObjectFixture.PATH;
import static org.martlet.proxyserver.object.ObjectFixture.bytes;
import static org.martlet.proxyserver.object.ObjectFixture.pattern;
import static org.martlet.proxyserver.object.ObjectFixture.text;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.martlet.common.http.Body;
import org.martlet.common.http.Headers;
import org.martlet.common.http.HttpFault;
import org.martlet.common.http.Response;
import org.martlet.common.model.Timestamp;
import org.martlet.common.protocol.BackendHeaders;
import org.martlet.proxyserver.backend.FakeCluster;
import org.martlet.proxyserver.backend.FakeDevice;
import org.martlet.proxyserver.backend.FakeDevice.Trick;

@Timeout(20)
class ObjectGetTest {
  private static final Trick BUSY = new Trick.Fail(HttpFault.Kind.TIMEOUT);

  private final ObjectFixture fixture = new ObjectFixture();

  @Test
  void givesTheObjectFromOneDevice() throws Exception {
    byte[] body = pattern(10_000);
    fixture.put(body, "Content-Type", "text/css", "X-Object-Meta-Color", "red");

    Response answer = fixture.call("GET");

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.body().length()).isEqualTo(10_000);
    assertThat(bytes(answer)).isEqualTo(body);
    assertThat(answer.headers().get("Content-Type")).isEqualTo("text/css");
    assertThat(answer.headers().get("X-Object-Meta-Color")).isEqualTo("red");
    assertThat(answer.headers().get("Accept-Ranges")).isEqualTo("bytes");
    assertThat(answer.headers().get("X-Timestamp")).isEqualTo("0000001000.00000");
    assertThat(asked("GET")).isEqualTo(1);
  }

  @Test
  void showsClientsNothingThatIsForServersOnly() throws Exception {
    fixture.put(pattern(10));
    assertThat(fixture.call("GET").headers().names())
        .noneMatch(name -> name.startsWith("X-Backend"))
        .noneMatch(name -> name.contains("Sysmeta"));
  }

  @Test
  void headTellsTheLengthWithoutABody() throws Exception {
    fixture.put(pattern(10_000));
    Response answer = fixture.call("HEAD");
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.headers().get("Content-Length")).isEqualTo("10000");
    assertThat(bytes(answer)).isEmpty();
  }

  @Test
  void survivesDevicesThatFail() throws Exception {
    fixture.put(pattern(100));
    fixture.primaries().get(0).dead();
    fixture.primaries().get(1).full();
    assertThat(bytes(fixture.call("GET"))).isEqualTo(pattern(100));
  }

  @Test
  void findsWhatIsOnHandoffsOnly() throws Exception {
    fixture.handoffs().get(2).keep(PATH, 50, "far away");
    assertThat(text(fixture.call("GET"))).isEqualTo("far away");
  }

  @Test
  void aNewerTombstoneBeatsOldData() throws Exception {
    fixture.primaries().get(0).keep(PATH, 50, "old");
    fixture.primaries().get(1).bury(PATH, 60);
    fixture.primaries().get(2).bury(PATH, 60);
    fixture.primaries().get(0).once(BUSY);

    assertThat(fixture.call("GET").status()).isEqualTo(404);
  }

  @Test
  void newerDataBeatsATombstone() throws Exception {
    fixture.primaries().get(0).bury(PATH, 50);
    fixture.primaries().get(1).bury(PATH, 50);
    fixture.primaries().get(2).keep(PATH, 60, "new");

    for (int i = 0; i < 5; i++) {
      assertThat(text(fixture.call("GET"))).isEqualTo("new");
    }
  }

  @Test
  void theNewestOfAllIsShownOnDemand() throws Exception {
    fixture.primaries().get(0).keep(PATH, 50, "old");
    fixture.primaries().get(1).keep(PATH, 70, "newest");
    fixture.primaries().get(2).keep(PATH, 60, "middle");

    assertThat(text(fixture.call("GET", "X-Newest", "true"))).isEqualTo("newest");
    assertThat(fixture.call("HEAD", "X-Newest", "true").headers().get("X-Timestamp"))
        .isEqualTo("0000000000.00070");
  }

  @Test
  void theNewestBodyIsShownWithTheNewestMetadataThoughNoDeviceHasBoth() throws Exception {
    FakeDevice body = fixture.primaries().get(0);
    body.keep(PATH, 60, "newest");
    Headers posted =
        Headers.of(
            "Content-Type",
            "text/old",
            "ETag",
            "0",
            "X-Timestamp",
            Timestamp.ofTicks(70).normal(),
            "X-Object-Meta-Color",
            "blue",
            BackendHeaders.STORED_TIMESTAMP,
            Timestamp.ofTicks(70).internal(),
            BackendHeaders.DATA_TIMESTAMP,
            Timestamp.ofTicks(50).internal(),
            BackendHeaders.CONTENT_TYPE_TIMESTAMP,
            Timestamp.ofTicks(50).internal());
    for (FakeDevice other : fixture.primaries().subList(1, 3)) {
      other.always(new Trick.Answer(200, posted));
    }
    for (String method : List.of("HEAD", "GET")) {
      Response answer = fixture.call(method, "X-Newest", "true");
      assertThat(answer.headers().get("X-Object-Meta-Color")).isEqualTo("blue");
      assertThat(answer.headers().get("X-Timestamp")).isEqualTo("0000000000.00070");
      assertThat(answer.headers().get("Content-Type")).startsWith("text/plain");
      assertThat(text(answer)).isEqualTo(method.equals("GET") ? "newest" : "");
    }
  }

  /// The second missed the PUT and took the POST after it; the third is away.
  private void splitInTwo(String... posted) {
    fixture.primaries().get(0).keep(PATH, 60, "newest");
    fixture.primaries().get(1).keepPosted(PATH, 50, "old", 70, posted);
    fixture.primaries().get(2).dead();
  }

  @Test
  void conditionsOnTheNewestAreDecidedByItsMetadata() throws Exception {
    splitInTwo("Last-Modified", "Thu, 01 Jan 1970 00:01:00 GMT");
    String between = "Thu, 01 Jan 1970 00:00:30 GMT";
    for (String method : List.of("HEAD", "GET")) {
      Response since = fixture.call(method, "X-Newest", "true", "If-Modified-Since", between);
      assertThat(since.status()).isEqualTo(200);
      assertThat(text(since)).isEqualTo(method.equals("GET") ? "newest" : "");
      Response until = fixture.call(method, "X-Newest", "true", "If-Unmodified-Since", between);
      assertThat(until.status()).isEqualTo(412);
      String etag = FakeDevice.md5("newest".getBytes(StandardCharsets.UTF_8));
      assertThat(fixture.call(method, "X-Newest", "true", "If-None-Match", etag).status())
          .isEqualTo(304);
      assertThat(fixture.call(method, "X-Newest", "true", "If-Match", "\"x\"").status())
          .isEqualTo(412);
    }
  }

  @Test
  void theNewestIsNotExpiredWhereAPostHasExtendedIt() throws Exception {
    splitInTwo("X-Delete-At", "2000");
    fixture.primaries().get(0).keepPosted(PATH, 60, "newest", 60, "X-Delete-At", "900");
    assertThat(text(fixture.call("GET", "X-Newest", "true"))).isEqualTo("newest");
    assertThat(fixture.call("HEAD", "X-Newest", "true").headers().get("X-Delete-At"))
        .isEqualTo("2000");
  }

  @Test
  void theNewestIsExpiredWhereAPostHasEndedIt() throws Exception {
    splitInTwo("X-Delete-At", "900");
    assertThat(fixture.call("GET", "X-Newest", "true").status()).isEqualTo(404);
    assertThat(fixture.call("HEAD", "X-Newest", "true").status()).isEqualTo(404);
  }

  @Test
  void partsOfTheNewestKeepTheTypeThatNamesTheirBoundary() throws Exception {
    splitInTwo(
        "Content-Type",
        "text/new",
        BackendHeaders.CONTENT_TYPE_TIMESTAMP,
        Timestamp.ofTicks(70).internal());
    Response answer = fixture.call("GET", "X-Newest", "true", "Range", "bytes=0-1,3-4");
    assertThat(answer.status()).isEqualTo(206);
    assertThat(answer.headers().get("Content-Type")).isEqualTo("multipart/byteranges;boundary=b");
    assertThat(fixture.call("GET", "X-Newest", "true").headers().get("Content-Type"))
        .isEqualTo("text/new");
  }

  @Test
  void theNewestIsUnavailableWhereItsBodyIsNotToBeHad() throws Exception {
    splitInTwo();
    FakeDevice newest = fixture.primaries().get(0);
    for (int i = 0; i < 3; i++) {
      newest.once(new Trick.CutBody(100));
      newest.once(BUSY);
    }
    assertThat(fixture.call("GET", "X-Newest", "true").status()).isEqualTo(503);
  }

  @Test
  void theNewestMayBeOnAHandoff() throws Exception {
    fixture.primaries().forEach(device -> device.keep(PATH, 50, "old"));
    fixture.handoffs().getFirst().keep(PATH, 70, "newest");
    assertThat(text(fixture.call("GET", "X-Newest", "true"))).isEqualTo("newest");
  }

  @Test
  void nothingAnywhereIs404() throws Exception {
    assertThat(fixture.call("GET").status()).isEqualTo(404);
    assertThat(fixture.fake.servers.all()).allMatch(device -> device.requests().size() == 1);
  }

  /// A primary and a handoff of each object are on it.
  @Test
  void nothingAnywhereIs404ThoughOneOfThreeServersIsDead() throws Exception {
    ObjectFixture small = new ObjectFixture(new FakeCluster(Duration.ofSeconds(15), 3));
    small.fake.servers.device("d1").dead();
    small.fake.servers.device("d4").dead();
    assertThat(small.call("GET").status()).isEqualTo(404);
    assertThat(small.call("HEAD", "X-Newest", "true").status()).isEqualTo(404);
    small.fake.servers.device("d2").dead();
    assertThat(small.call("GET").status()).isEqualTo(503);
  }

  @Test
  void nothingAnywhereIs404ThoughOneDeviceHangs() throws Exception {
    ObjectFixture hasty = new ObjectFixture(new FakeCluster(Duration.ofMillis(100)));
    for (FakeDevice primary : hasty.primaries()) {
      primary.once(new Trick.Hang());
      assertThat(hasty.call("GET").status()).isEqualTo(404);
      hasty.primaries().forEach(device -> device.always(null));
    }
  }

  @Test
  void whatOnlyASlowDeviceHasIsFound() throws Exception {
    ObjectFixture hasty = new ObjectFixture(new FakeCluster(Duration.ofMillis(20)));
    FakeDevice slow = hasty.primaries().get(1);
    slow.keep(PATH, 50, "late");
    CompletableFuture<Void> later = new CompletableFuture<>();
    slow.once(new Trick.Delay(later));
    later.completeOnTimeout(null, 400, TimeUnit.MILLISECONDS);

    assertThat(text(hasty.call("GET"))).isEqualTo("late");
  }

  @Test
  void whetherThereIsSomethingIsUnknownWhenTooFewAnswer() throws Exception {
    fixture.fake.servers.all().forEach(FakeDevice::dead);
    fixture.primaries().get(0).always(null);
    assertThat(fixture.call("GET").status()).isEqualTo(503);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 1000, 5500, 9999})
  void goesOnFromAnotherDeviceWithinTheBody(int cut) throws Exception {
    byte[] body = pattern(10_000);
    fixture.put(body);
    bytes(fixture.call("GET"));
    lastAsked().once(new Trick.CutBody(cut));

    assertThat(bytes(fixture.call("GET"))).isEqualTo(body);
  }

  @Test
  void resumesARangeWhereItBrokeOff() throws Exception {
    byte[] body = pattern(10_000);
    fixture.put(body);
    Response whole = fixture.call("GET");
    FakeDevice first = lastAsked();
    bytes(whole);
    first.once(new Trick.CutBody(1500));

    Response answer = fixture.call("GET", "Range", "bytes=2000-7999");

    assertThat(answer.status()).isEqualTo(206);
    assertThat(answer.headers().get("Content-Range")).isEqualTo("bytes 2000-7999/10000");
    assertThat(bytes(answer)).isEqualTo(Arrays.copyOfRange(body, 2000, 8000));
    assertThat(
            fixture.fake.servers.all().stream()
                .flatMap(device -> device.requests().stream())
                .filter(request -> request.method().equals("GET"))
                .map(request -> request.headers().getOr("Range", "")))
        .contains("bytes=3500-7999");
  }

  @Test
  void doesNotMixTwoVersionsOfAnObject() throws Exception {
    fixture.primaries().get(0).keep(PATH, 50, "x".repeat(4000));
    fixture.primaries().get(1).keep(PATH, 60, "y".repeat(4000));
    fixture.primaries().get(2).keep(PATH, 70, "z".repeat(4000));
    fixture.primaries().forEach(device -> device.once(new Trick.CutBody(1500)));

    Response answer = fixture.call("GET");

    assertThatThrownBy(() -> bytes(answer)).isInstanceOf(HttpFault.class);
  }

  @Test
  void aWrongByteIsNotGivenAsTheObject() throws Exception {
    fixture.put(pattern(3000));
    fixture.primaries().forEach(device -> device.always(new Trick.FlipBit()));

    Response answer = fixture.call("GET");

    assertThatThrownBy(() -> bytes(answer)).isInstanceOf(HttpFault.class);
  }

  @Test
  void conditionsAndRangesAreAnsweredByTheDevices() throws Exception {
    byte[] body = pattern(100);
    fixture.put(body);
    assertThat(fixture.call("GET", "If-None-Match", FakeDevice.md5(body)).status()).isEqualTo(304);
    Response unsatisfiable = fixture.call("GET", "Range", "bytes=200-300");
    assertThat(unsatisfiable.status()).isEqualTo(416);
    assertThat(unsatisfiable.headers().get("Content-Range")).isEqualTo("bytes */100");
  }

  @Test
  void whatMustMatchAnythingDoesNotMatchNothing() throws Exception {
    assertThat(fixture.call("GET", "If-Match", "*").status()).isEqualTo(412);
  }

  @Test
  void asksASecondDeviceWhenTheFirstIsUnusuallySlow() throws Exception {
    fixture.put(pattern(100));
    fixture.call("GET");
    FakeDevice first = lastAsked();
    first.once(new Trick.Hang());

    assertThat(bytes(fixture.call("GET"))).isEqualTo(pattern(100));
  }

  @Test
  void aContainerThatIsNotThereHasNoObjects() throws Exception {
    assertThat(fixture.call("GET", "missing/o", Body.empty()).status()).isEqualTo(404);
  }

  /// The order of devices is the same in each request of this fixture.
  private FakeDevice lastAsked() {
    return fixture.fake.servers.all().stream()
        .filter(device -> device.methods().contains("GET"))
        .findFirst()
        .orElseThrow();
  }

  private long asked(String method) {
    return fixture.fake.servers.all().stream()
        .flatMap(device -> device.methods().stream())
        .filter(method::equals)
        .count();
  }
}
