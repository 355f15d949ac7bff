package org.martlet.proxyserver.object;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.martlet.proxyserver.object.ObjectFixture.text;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.martlet.common.http.Body;
import org.martlet.common.http.HttpFault;
import org.martlet.common.http.Response;
import org.martlet.proxyserver.backend.FakeDevice;

@Timeout(20)
class DynamicObjectTest {
  private final ObjectFixture fixture = new ObjectFixture();

  @BeforeEach
  void putSegments() throws Exception {
    put("c/big/1", "one,");
    put("c/big/2", "");
    put("c/big/3", "three,");
    put("c/big/4", "four");
    put("c/bigger", "not a segment");
    fixture.call("PUT", "d/large", Body.empty(), "X-Object-Manifest", "c/big%2F");
  }

  @Test
  void showsAllSegmentsAsOne() throws Exception {
    Response answer = get();

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.body().length()).isEqualTo(14);
    assertThat(text(answer)).isEqualTo("one,three,four");
    String hashes = md5("one,") + md5("") + md5("three,") + md5("four");
    assertThat(answer.headers().get("ETag")).isEqualTo("\"" + md5(hashes) + "\"");
    assertThat(answer.headers().get("X-Object-Manifest")).isEqualTo("c/big%2F");
  }

  @Test
  void headTellsTheLengthOfAll() throws Exception {
    Response answer = fixture.call("HEAD", "d/large", Body.empty());
    assertThat(answer.headers().get("Content-Length")).isEqualTo("14");
  }

  @ParameterizedTest
  @CsvSource({
    "bytes=0-1, 206, on",
    "bytes=2-5, 206, 'e,th'",
    "bytes=4-9, 206, 'three,'",
    "bytes=12-, 206, ur",
    "bytes=-6, 206, 'e,four'",
    "bytes=-5, 206, ',four'",
    "bytes=0-99, 206, 'one,three,four'",
    "bytes=5-2, 200, 'one,three,four'",
    "'bytes=0-1,3-4', 200, 'one,three,four'",
  })
  void givesASingleRange(String range, int status, String expected) throws Exception {
    Response answer = get("Range", range);
    assertThat(answer.status()).isEqualTo(status);
    assertThat(text(answer)).isEqualTo(expected);
  }

  @Test
  void aRangeBehindTheEndCannotBeMet() throws Exception {
    Response answer = get("Range", "bytes=14-20");
    assertThat(answer.status()).isEqualTo(416);
    assertThat(answer.headers().get("Content-Range")).isEqualTo("bytes */14");
  }

  @Test
  void conditionsAreOnTheEtagOfTheWhole() throws Exception {
    String etag = get().headers().get("ETag");
    assertThat(get("If-None-Match", etag).status()).isEqualTo(304);
    assertThat(get("If-Match", "\"other\"").status()).isEqualTo(412);
    assertThat(get("If-Match", etag).status()).isEqualTo(200);
  }

  @Test
  void theManifestItselfIsShownOnDemand() throws Exception {
    Response answer = fixture.call("GET", "d/large?multipart-manifest=get", Body.empty());
    assertThat(answer.status()).isEqualTo(200);
    assertThat(text(answer)).isEmpty();
    assertThat(answer.headers().get("X-Object-Manifest")).isEqualTo("c/big%2F");
  }

  @Test
  void aMissingFirstSegmentIsAConflictAndALaterOneBreaksOff() throws Exception {
    fixture.fake.servers.freezeListings();
    for (FakeDevice device : fixture.fake.servers.all()) {
      device.lose("/a/c/big/3");
    }
    Response answer = get();
    assertThatThrownBy(() -> text(answer)).isInstanceOf(HttpFault.class);
    for (FakeDevice device : fixture.fake.servers.all()) {
      device.lose("/a/c/big/1");
    }
    assertThat(get().status()).isEqualTo(409);
  }

  @Test
  void aCopyHoldsTheWholeContent() throws Exception {
    fixture.call("COPY", "d/large", Body.empty(), "Destination", "d/flat");
    Response flat = fixture.call("GET", "d/flat", Body.empty());
    assertThat(flat.headers().contains("X-Object-Manifest")).isFalse();
    assertThat(text(flat)).isEqualTo("one,three,four");
  }

  @Test
  void aManifestCanBeCopiedAsOne() throws Exception {
    fixture.call("COPY", "d/large?multipart-manifest=get", Body.empty(), "Destination", "d/link");
    Response link = fixture.call("GET", "d/link", Body.empty());
    assertThat(link.headers().get("X-Object-Manifest")).isEqualTo("c/big%2F");
    assertThat(text(link)).isEqualTo("one,three,four");
  }

  @Test
  void manySegmentsAreListedPageByPage() throws Exception {
    StringBuilder expected = new StringBuilder();
    for (int i = 0; i < 11; i++) {
      put(String.format("c/many/%02d", i), "part " + i + ";");
      expected.append("part ").append(i).append(';');
    }
    ObjectFixture paged = new ObjectFixture(fixture.fake, 4);
    paged.call("PUT", "d/many", Body.empty(), "X-Object-Manifest", "c/many/");

    Response answer = paged.call("GET", "d/many", Body.empty());

    assertThat(answer.body().length()).isEqualTo(-1);
    assertThat(answer.headers().contains("ETag")).isFalse();
    assertThat(text(answer)).isEqualTo(expected.toString());
  }

  @Test
  void headTellsNoLengthWhereItIsNotKnown() throws Exception {
    ObjectFixture paged = new ObjectFixture(fixture.fake, 4);

    Response answer = paged.call("HEAD", "d/large", Body.empty());

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.headers().contains("Content-Length")).isFalse();
    assertThat(answer.body().length()).isEqualTo(-1);
  }

  @Test
  void lengthAndEtagAreKnownForMoreSegmentsThanAPageHas() throws Exception {
    StringBuilder hashes = new StringBuilder();
    for (int i = 0; i < 1003; i++) {
      put(String.format("c/lots/%04d", i), i < 1000 ? "" : "part " + i + ";");
      hashes.append(md5(i < 1000 ? "" : "part " + i + ";"));
    }
    fixture.call("PUT", "d/lots", Body.empty(), "X-Object-Manifest", "c/lots/");

    Response answer = fixture.call("GET", "d/lots", Body.empty());

    assertThat(answer.body().length()).isEqualTo(30);
    assertThat(answer.headers().get("ETag")).isEqualTo("\"" + md5(hashes.toString()) + "\"");
    assertThat(text(answer)).isEqualTo("part 1000;part 1001;part 1002;");
  }

  private Response get(String... headers) throws Exception {
    return fixture.call("GET", "d/large", Body.empty(), headers);
  }

  private void put(String path, String content) throws Exception {
    fixture.call("PUT", path, Body.of(content.getBytes(StandardCharsets.UTF_8)));
  }

  private static String md5(String content) {
    return FakeDevice.md5(content.getBytes(StandardCharsets.UTF_8));
  }
}
