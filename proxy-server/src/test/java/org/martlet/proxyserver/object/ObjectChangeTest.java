package org.martlet.proxyserver.object;

import static org.assertj.core.api.Assertions.assertThat;
import static org.martlet.proxyserver.object.ObjectFixture.PATH;
import static org.martlet.proxyserver.object.ObjectFixture.pattern;
import static org.martlet.proxyserver.object.ObjectFixture.text;

import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.martlet.common.http.Body;
import org.martlet.common.http.Headers;
import org.martlet.common.http.Response;
import org.martlet.common.model.Timestamp;
import org.martlet.proxyserver.backend.FakeDevice;
import org.martlet.proxyserver.backend.FakeDevice.Trick;

/// POST, DELETE and copies.
@Timeout(20)
class ObjectChangeTest {
  private final ObjectFixture fixture = new ObjectFixture();

  @Test
  void deletesOnAllDevices() throws Exception {
    fixture.put(pattern(10));
    fixture.fake.now.set(fixture.fake.now.get().plusSeconds(1));

    assertThat(fixture.call("DELETE").status()).isEqualTo(204);

    assertThat(fixture.primaries()).allMatch(d -> d.kept(PATH).orElseThrow().body() == null);
    assertThat(fixture.call("GET").status()).isEqualTo(404);
    assertThat(fixture.call("DELETE").status()).isEqualTo(404);
  }

  @Test
  void aDeleteOfAManifestSaysInItsBodyThatThereIsNone() throws Exception {
    fixture.put(pattern(10));

    Response json =
        fixture.call(
            "DELETE", "c/o?multipart-manifest=delete", Body.empty(), "Accept", "application/json");
    Response plain = fixture.call("DELETE", "c/o?multipart-manifest=delete", Body.empty());

    assertThat(json.status()).isEqualTo(200);
    assertThat(text(json)).contains("\"Response Status\": \"400 Bad Request\"", "Not an SLO");
    assertThat(plain.status()).isEqualTo(200);
    assertThat(text(plain)).contains("Response Status: 400 Bad Request");
    assertThat(fixture.call("GET").status()).isEqualTo(200);
  }

  @Test
  void aDeleteOutbidsAClockThatRunsAhead() throws Exception {
    long ahead = Timestamp.of(fixture.fake.clock().instant()).ticks() + 5_000_000;
    fixture.primaries().forEach(device -> device.keep(PATH, ahead, "from the future"));

    assertThat(fixture.call("DELETE").status()).isEqualTo(204);

    assertThat(fixture.call("GET").status()).isEqualTo(404);
  }

  @Test
  void aDeleteThatOneDeviceAndAHandoffTookIsDone() throws Exception {
    fixture.put(pattern(10));
    fixture.fake.now.set(fixture.fake.now.get().plusSeconds(1));
    fixture.primaries().get(0).dead();
    fixture.primaries().get(1).full();
    assertThat(fixture.call("DELETE").status()).isEqualTo(404);
    assertThat(fixture.handoffs().getFirst().kept(PATH)).isPresent();
  }

  @Test
  void aDeleteThatOnlyOneDeviceTookIsNotDone() throws Exception {
    fixture.put(pattern(10));
    fixture.fake.servers.all().forEach(FakeDevice::dead);
    fixture.primaries().get(0).always(null);
    assertThat(fixture.call("DELETE").status()).isEqualTo(503);
  }

  @Test
  void postReplacesMetadata() throws Exception {
    fixture.put(pattern(10), "X-Object-Meta-Color", "red");
    fixture.fake.now.set(fixture.fake.now.get().plusSeconds(1));

    Response answer = fixture.call("POST", "X-Object-Meta-Size", "XL", "Cache-Control", "no-store");

    assertThat(answer.status()).isEqualTo(202);
    for (FakeDevice device : fixture.primaries()) {
      Headers kept = device.kept(PATH).orElseThrow().headers();
      assertThat(kept.get("X-Object-Meta-Size")).isEqualTo("XL");
      assertThat(kept.get("Cache-Control")).isEqualTo("no-store");
      assertThat(kept.contains("X-Object-Meta-Color")).isFalse();
      assertThat(kept.contains("Content-Type")).isFalse();
    }
  }

  @Test
  void postFindsAnObjectThatIsOnHandoffs() throws Exception {
    fixture.primaries().get(0).keep(PATH, 5, "x");
    fixture.handoffs().get(0).keep(PATH, 5, "x");
    assertThat(fixture.call("POST", "X-Object-Meta-A", "b").status()).isEqualTo(202);
  }

  @Test
  void postToNothingIs404() throws Exception {
    assertThat(fixture.call("POST", "X-Object-Meta-A", "b").status()).isEqualTo(404);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 100, 200_000})
  void copiesBodyAndMetadata(int size) throws Exception {
    byte[] body = pattern(size);
    fixture.put(body, "Content-Type", "image/png", "X-Object-Meta-Color", "red");

    Response answer =
        fixture.call("COPY", "Destination", "/d/copy%20of%20o", "X-Object-Meta-New", "1");

    assertThat(answer.status()).isEqualTo(201);
    assertThat(answer.headers().get("X-Copied-From")).isEqualTo("c/o");
    assertThat(answer.headers().get("X-Copied-From-Account")).isEqualTo("a");
    assertThat(answer.headers().get("X-Copied-From-Last-Modified")).isNotNull();
    assertThat(answer.headers().get("ETag")).isEqualTo(FakeDevice.md5(body));
    FakeDevice.Kept copy = find("/a/d/copy%20of%20o").orElseThrow();
    assertThat(copy.body()).isEqualTo(body);
    assertThat(copy.headers().get("Content-Type")).isEqualTo("image/png");
    assertThat(copy.headers().get("X-Object-Meta-Color")).isEqualTo("red");
    assertThat(copy.headers().get("X-Object-Meta-New")).isEqualTo("1");
  }

  @Test
  void aFreshCopyHasOnlyTheMetadataOfTheRequest() throws Exception {
    fixture.put(pattern(5), "X-Object-Meta-Color", "red");
    fixture.call(
        "PUT",
        "d/fresh",
        Body.empty(),
        "X-Copy-From",
        "c/o",
        "X-Fresh-Metadata",
        "true",
        "X-Object-Meta-New",
        "1");
    Headers kept = find("/a/d/fresh").orElseThrow().headers();
    assertThat(kept.contains("X-Object-Meta-Color")).isFalse();
    assertThat(kept.get("X-Object-Meta-New")).isEqualTo("1");
  }

  @Test
  void copiesARange() throws Exception {
    fixture.primaries().forEach(device -> device.keep(PATH, 5, "0123456789"));
    fixture.call("PUT", "c/part", Body.empty(), "X-Copy-From", "/c/o", "Range", "bytes=2-4");
    assertThat(text(fixture.call("GET", "c/part", Body.empty()))).isEqualTo("234");
  }

  @Test
  void copiesTheNewestOfTheSource() throws Exception {
    fixture.primaries().get(0).keep(PATH, 5, "old");
    fixture.primaries().get(1).keep(PATH, 6, "new");
    fixture.primaries().get(2).keep(PATH, 5, "old");
    fixture.call("COPY", "Destination", "c/copy");
    assertThat(text(fixture.call("GET", "c/copy", Body.empty()))).isEqualTo("new");
  }

  @Test
  void aSourceThatBreaksOffEverywhereStoresNothing() throws Exception {
    fixture.put(pattern(200_000));
    fixture.primaries().forEach(device -> device.always(new Trick.CutBody(60_000)));
    fixture.handoffs().forEach(FakeDevice::dead);
    Response answer = fixture.call("PUT", "c/copy", Body.empty(), "X-Copy-From", "c/o");
    assertThat(answer.status()).isEqualTo(503);
    assertThat(find("/a/c/copy")).isEmpty();
  }

  @Test
  void aSourceWhoseBytesAreWrongIsNotTheClientsFault() throws Exception {
    fixture.put(pattern(3000));
    fixture.primaries().forEach(device -> device.always(new Trick.FlipBit()));
    Response answer = fixture.call("PUT", "d/copy", Body.empty(), "X-Copy-From", "c/o");
    assertThat(answer.status()).isEqualTo(503);
    assertThat(find("/a/d/copy")).isEmpty();
  }

  @Test
  void aCopyHasNoMoreMetadataThanAnyObject() throws Exception {
    assertThat(fixture.put(pattern(5), metadata("Old", 60)).status()).isEqualTo(201);
    String[] more = metadata("New", 60);
    assertThat(fixture.call("PUT", "c/copy", Body.empty(), copyOf(more)).status()).isEqualTo(400);
    assertThat(find("/a/c/copy")).isEmpty();
  }

  private static String[] metadata(String prefix, int count) {
    String[] headers = new String[2 * count];
    for (int i = 0; i < count; i++) {
      headers[2 * i] = "X-Object-Meta-" + prefix + i;
      headers[2 * i + 1] = "x";
    }
    return headers;
  }

  private static String[] copyOf(String[] headers) {
    String[] all = Arrays.copyOf(headers, headers.length + 2);
    all[headers.length] = "X-Copy-From";
    all[headers.length + 1] = "c/o";
    return all;
  }

  @ParameterizedTest
  @CsvSource({
    "Destination, nocontainer, 412",
    "Destination, c/, 412",
    "Destination, missing/o, 404",
    "X-Ignored, x, 412",
  })
  void aCopyNeedsAGoodDestination(String name, String value, int status) throws Exception {
    fixture.put(pattern(5));
    assertThat(fixture.call("COPY", name, value).status()).isEqualTo(status);
  }

  @Test
  void aCopyOfNothingIs404AndOneWithABodyIs400() throws Exception {
    assertThat(fixture.call("COPY", "Destination", "c/x").status()).isEqualTo(404);
    fixture.put(pattern(5));
    assertThat(fixture.call("PUT", "c/x", Body.of(pattern(3)), "X-Copy-From", "c/o").status())
        .isEqualTo(400);
  }

  private Optional<FakeDevice.Kept> find(String path) {
    return fixture.fake.servers.all().stream()
        .flatMap(device -> device.kept(path).stream())
        .findFirst();
  }
}
