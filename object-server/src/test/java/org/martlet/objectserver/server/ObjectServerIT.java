package org.martlet.objectserver.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.martlet.common.http.Bodies;
import org.martlet.common.http.Body;
import org.martlet.common.http.Chunk;
import org.martlet.common.http.Headers;
import org.martlet.common.http.HttpClient;
import org.martlet.common.http.HttpFault;
import org.martlet.common.http.Request;
import org.martlet.common.http.Response;
import org.martlet.objectserver.server.ObjectNode.Answer;

class ObjectServerIT {
  @TempDir private Path root;
  private ObjectNode node;

  @BeforeEach
  void start() throws Exception {
    node = new ObjectNode(root);
  }

  @AfterEach
  void stop() {
    node.close();
    assertThat(node.budget.left()).as("memory given back").isEqualTo(8 << 20);
    assertThat(node.buffers.outstanding()).as("buffers given back").isZero();
  }

  private static byte[] bytes(int size) {
    byte[] bytes = new byte[size];
    new Random(size).nextBytes(bytes);
    return bytes;
  }

  private static String md5(byte[] bytes) throws Exception {
    return HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(bytes));
  }

  private static String crc(byte[] bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes);
    return HexFormat.of().toHexDigits((int) crc.getValue());
  }

  /// A PUT's headers at the second after the clock's start.
  private static Headers at(double second) {
    return Headers.of("X-Timestamp", timestamp(second), "Content-Type", "text/plain");
  }

  private static String timestamp(double second) {
    return "%.5f".formatted(1_700_000_000 + second);
  }

  private Answer put(String path, byte[] body, Headers headers) throws Exception {
    return node.send("PUT", path, Body.of(body), headers);
  }

  private Answer get(String path, String... headers) throws Exception {
    return node.send("GET", path, headers);
  }

  /// A body in pieces, chunked, with trailers.
  private static Body streamed(byte[] bytes, int piece, Headers trailers) {
    Iterator<Chunk> pieces =
        IntStream.iterate(0, at -> at < bytes.length, at -> at + piece)
            .mapToObj(at -> Chunk.of(bytes, at, Math.min(piece, bytes.length - at)))
            .iterator();
    return Bodies.pulling(
        -1,
        () -> CompletableFuture.completedFuture(pieces.hasNext() ? pieces.next() : Chunk.END),
        () -> trailers,
        () -> {});
  }

  private static Headers checksums(byte[] body) throws Exception {
    return Headers.of("X-Backend-Etag", md5(body), "X-Backend-Crc32c", crc(body));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 4096, 65_536, 65_537, 300_000, 3_000_000})
  void givesBackWhatWasPutInEachOfTheThreeWays(int size) throws Exception {
    byte[] body = bytes(size);
    Answer plain = put("/a/c/plain", body, at(1));
    Answer known = put("/a/c/known", body, at(1).addAll(checksums(body)));
    Answer streamed =
        node.send(
            "PUT",
            "/a/c/streamed",
            streamed(body, 10_000, checksums(body)),
            at(1).add("X-Backend-Commit", "trailers"));

    for (Answer answer : List.of(plain, known, streamed)) {
      assertThat(answer.status()).isEqualTo(201);
      assertThat(answer.headers().get("ETag")).isEqualTo(md5(body));
    }
    for (String name : List.of("plain", "known", "streamed")) {
      Answer answer = get("/a/c/" + name);
      assertThat(answer.status()).isEqualTo(200);
      assertThat(answer.body()).isEqualTo(body);
      assertThat(answer.headers().get("Content-Length")).isEqualTo(Integer.toString(size));
      assertThat(answer.headers().get("X-Backend-Crc32c")).isEqualTo(crc(body));
      assertThat(answer.headers().get("X-Backend-Data-Timestamp")).isEqualTo(timestamp(1));
    }
  }

  @Test
  void keepsAndShowsMetadata() throws Exception {
    Headers headers =
        at(1)
            .add("x-object-meta-color", "r\u00c3\u00b6t")
            .add("X-Object-Sysmeta-S", "1")
            .add("Content-Encoding", "gzip");
    assertThat(put("/a/c/o", bytes(10), headers).status()).isEqualTo(201);

    Answer head = node.send("HEAD", "/a/c/o");
    assertThat(head.status()).isEqualTo(200);
    assertThat(head.headers().get("X-Object-Meta-Color")).isEqualTo("r\u00c3\u00b6t");
    assertThat(head.headers().get("X-Object-Sysmeta-S")).isEqualTo("1");
    assertThat(head.headers().get("Content-Encoding")).isEqualTo("gzip");
    assertThat(head.headers().get("Content-Type")).isEqualTo("text/plain");
    assertThat(head.headers().get("Content-Length")).isEqualTo("10");
    assertThat(head.headers().get("Last-Modified")).isEqualTo("Tue, 14 Nov 2023 22:13:21 GMT");
    assertThat(head.headers().get("X-Timestamp")).isEqualTo(timestamp(1));
  }

  @Test
  void replacesMetadataByAPostAndKeepsWhatBelongsToTheBody() throws Exception {
    put("/a/c/o", bytes(10), at(1).add("X-Object-Meta-A", "1").add("X-Object-Sysmeta-S", "1"));

    Answer post = node.send("POST", "/a/c/o", "X-Timestamp", timestamp(2), "X-Object-Meta-B", "2");
    assertThat(post.status()).isEqualTo(202);
    assertThat(post.headers().get("X-Object-Sysmeta-S")).isEqualTo("1");
    Answer after = get("/a/c/o");
    assertThat(after.headers().get("X-Object-Meta-A")).isNull();
    assertThat(after.headers().get("X-Object-Meta-B")).isEqualTo("2");
    assertThat(after.headers().get("X-Object-Sysmeta-S")).isEqualTo("1");
    assertThat(after.headers().get("Content-Type")).isEqualTo("text/plain");
    assertThat(after.headers().get("X-Backend-Timestamp")).isEqualTo(timestamp(2));
    assertThat(after.headers().get("X-Backend-Data-Timestamp")).isEqualTo(timestamp(1));

    Answer older = node.send("POST", "/a/c/o", "X-Timestamp", timestamp(1.5));
    assertThat(older.status()).isEqualTo(409);
    assertThat(older.headers().get("X-Backend-Timestamp")).isEqualTo(timestamp(2));
    assertThat(node.send("POST", "/a/c/none", "X-Timestamp", timestamp(2)).status()).isEqualTo(404);
  }

  @Test
  void answersOlderChangesWithTheClockThatWon() throws Exception {
    put("/a/c/o", bytes(10), at(5));

    for (Answer older :
        List.of(
            put("/a/c/o", bytes(11), at(4)),
            put("/a/c/o", bytes(11), at(5)),
            node.send("DELETE", "/a/c/o", "X-Timestamp", timestamp(4)))) {
      assertThat(older.status()).isEqualTo(409);
      assertThat(older.headers().get("X-Backend-Timestamp")).isEqualTo(timestamp(5));
    }
    assertThat(get("/a/c/o").body()).isEqualTo(bytes(10));
  }

  @Test
  void putsATombstoneAlsoWhereNothingIs() throws Exception {
    Answer nothing = node.send("DELETE", "/a/c/o", "X-Timestamp", timestamp(3));
    assertThat(nothing.status()).isEqualTo(404);
    assertThat(nothing.headers().get("X-Backend-Timestamp")).isEqualTo(timestamp(3));
    assertThat(put("/a/c/o", bytes(1), at(2)).status()).isEqualTo(409);

    Answer get = get("/a/c/o");
    assertThat(get.status()).isEqualTo(404);
    assertThat(get.headers().get("X-Backend-Timestamp")).isEqualTo(timestamp(3));
    assertThat(get("/a/c/other").headers().get("X-Backend-Timestamp")).isNull();

    assertThat(put("/a/c/o", bytes(1), at(4)).status()).isEqualTo(201);
    assertThat(node.send("DELETE", "/a/c/o", "X-Timestamp", timestamp(5)).status()).isEqualTo(204);
    assertThat(node.send("DELETE", "/a/c/o", "X-Timestamp", timestamp(6)).status()).isEqualTo(404);
  }

  @Test
  void saysNoBeforeTheBodyWhereTheSenderWaits() throws Exception {
    put("/a/c/o", bytes(10), at(5));
    Headers headers = at(4);
    Body body = Body.of(bytes(100_000));
    node.signature.sign("PUT", "/sda/0/a/c/o", body.length(), headers);

    HttpClient.Upload upload =
        node.client.open(
            node.endpoint(),
            new Request("PUT", "/sda/0/a/c/o", headers, body),
            RequestTimeouts.LONG);
    assertThat(upload.consent().get(10, TimeUnit.SECONDS)).isFalse();
    Response response = upload.response().get(10, TimeUnit.SECONDS);
    assertThat(response.status()).isEqualTo(409);
    assertThat(response.headers().get("X-Backend-Timestamp")).isEqualTo(timestamp(5));
    response.body().close();
  }

  @Test
  void takesTheBodyAfterConsent() throws Exception {
    byte[] bytes = bytes(100_000);
    Headers headers = at(4);
    Body body = Body.of(bytes);
    node.signature.sign("PUT", "/sda/0/a/c/o", body.length(), headers);

    HttpClient.Upload upload =
        node.client.open(
            node.endpoint(),
            new Request("PUT", "/sda/0/a/c/o", headers, body),
            RequestTimeouts.LONG);
    assertThat(upload.consent().get(10, TimeUnit.SECONDS)).isTrue();
    upload.proceed();
    Response response = upload.response().get(10, TimeUnit.SECONDS);
    assertThat(response.status()).isEqualTo(201);
    response.body().close();
    assertThat(get("/a/c/o").body()).isEqualTo(bytes);
  }

  @ParameterizedTest
  @ValueSource(ints = {100, 100_000})
  void storesNothingWhereAChecksumIsWrongOrMissing(int size) throws Exception {
    byte[] body = bytes(size);
    Headers wrongCrc =
        Headers.of("X-Backend-Etag", md5(body), "X-Backend-Crc32c", crc(bytes(size + 1)));

    assertThat(put("/a/c/o", body, at(1).addAll(wrongCrc)).status()).isEqualTo(422);
    assertThat(put("/a/c/o", body, at(1).add("ETag", md5(bytes(7)))).status()).isEqualTo(422);
    assertThat(put("/a/c/o", body, at(1).add("X-Backend-Etag", md5(body))).status()).isEqualTo(400);
    for (Headers trailers : List.of(wrongCrc, new Headers())) {
      Answer answer =
          node.send(
              "PUT",
              "/a/c/o",
              streamed(body, 1000, trailers),
              at(1).add("X-Backend-Commit", "trailers"));
      assertThat(answer.status()).isEqualTo(422);
    }
    assertThat(get("/a/c/o").status()).isEqualTo(404);
    assertThat(put("/a/c/o", body, at(1).add("ETag", "\"" + md5(body) + "\"")).status())
        .isEqualTo(201);
  }

  @ParameterizedTest
  @ValueSource(ints = {1000, 200_000})
  void storesNothingOfABodyThatEndsEarly(int size) throws Exception {
    byte[] half = bytes(size);
    CompletableFuture<Chunk> never = new CompletableFuture<>();
    Iterator<CompletableFuture<Chunk>> chunks =
        List.of(CompletableFuture.completedFuture(Chunk.of(half)), never).iterator();
    Body body = Bodies.pulling(2L * size, chunks::next, () -> {});
    Headers headers = at(1);
    node.signature.sign("PUT", "/sda/0/a/c/o", body.length(), headers);

    HttpClient.Call call =
        node.client.send(
            node.endpoint(),
            new Request("PUT", "/sda/0/a/c/o", headers, body),
            RequestTimeouts.LONG);
    never.completeExceptionally(new HttpFault(HttpFault.Kind.CLOSED, "the source failed"));

    assertThatThrownBy(() -> call.response().get(10, TimeUnit.SECONDS)).isNotNull();
    assertThat(get("/a/c/o").status()).isEqualTo(404);
  }

  @Test
  void letsTrailersReplaceMetadata() throws Exception {
    byte[] body = bytes(5000);
    Answer answer =
        node.send(
            "PUT",
            "/a/c/o",
            streamed(body, 1000, checksums(body).add("X-Object-Sysmeta-Crypto", "late")),
            at(1)
                .add("X-Backend-Commit", "trailers")
                .add("X-Object-Sysmeta-Crypto", "early")
                .add("X-Backend-Obj-Content-Length", "5000"));

    assertThat(answer.status()).isEqualTo(201);
    assertThat(get("/a/c/o").headers().get("X-Object-Sysmeta-Crypto")).isEqualTo("late");
  }

  @Test
  void keepsAnObjectThatIsNotToBeReplaced() throws Exception {
    assertThat(put("/a/c/o", bytes(1), at(1).add("If-None-Match", "*")).status()).isEqualTo(201);
    assertThat(put("/a/c/o", bytes(2), at(2).add("If-None-Match", "*")).status()).isEqualTo(412);
    assertThat(put("/a/c/o", bytes(200_000), at(2).add("If-None-Match", "*")).status())
        .isEqualTo(412);
    node.send("DELETE", "/a/c/o", "X-Timestamp", timestamp(3));
    assertThat(put("/a/c/o", bytes(4), at(4).add("If-None-Match", "*")).status()).isEqualTo(201);
  }

  @Test
  void servesRanges() throws Exception {
    byte[] body = bytes(300_000);
    put("/a/c/o", body, at(1));

    Answer one = get("/a/c/o", "Range", "bytes=65000-200000");
    assertThat(one.status()).isEqualTo(206);
    assertThat(one.headers().get("Content-Range")).isEqualTo("bytes 65000-200000/300000");
    assertThat(one.body()).isEqualTo(Arrays.copyOfRange(body, 65_000, 200_001));

    Answer none = get("/a/c/o", "Range", "bytes=300000-");
    assertThat(none.status()).isEqualTo(416);
    assertThat(none.headers().get("Content-Range")).isEqualTo("bytes */300000");

    assertThat(get("/a/c/o", "Range", "nonsense").status()).isEqualTo(200);
    assertThat(node.send("HEAD", "/a/c/o", "Range", "bytes=0-1").status()).isEqualTo(200);
  }

  @Test
  void servesSeveralRangesAsParts() throws Exception {
    byte[] body = "0123456789".getBytes(StandardCharsets.US_ASCII);
    put("/a/c/o", body, at(1));

    Answer parts = get("/a/c/o", "Range", "bytes=0-1,5-,-1");
    String type = parts.headers().get("Content-Type");
    assertThat(parts.status()).isEqualTo(206);
    assertThat(type).matches("multipart/byteranges;boundary=[0-9a-f]{32}");
    String boundary = type.substring(type.indexOf('=') + 1);
    assertThat(parts.text())
        .isEqualTo(
            """
            --B\r
            Content-Type: text/plain\r
            Content-Range: bytes 0-1/10\r
            \r
            01\r
            --B\r
            Content-Type: text/plain\r
            Content-Range: bytes 5-9/10\r
            \r
            56789\r
            --B\r
            Content-Type: text/plain\r
            Content-Range: bytes 9-9/10\r
            \r
            9\r
            --B--"""
                .replace("B", boundary));
  }

  @Test
  void answersConditions() throws Exception {
    byte[] body = bytes(100);
    put("/a/c/o", body, at(1));

    Answer unchanged = get("/a/c/o", "If-None-Match", "\"" + md5(body) + "\"");
    assertThat(unchanged.status()).isEqualTo(304);
    assertThat(unchanged.headers().get("ETag")).isEqualTo(md5(body));
    assertThat(unchanged.body()).isEmpty();
    assertThat(get("/a/c/o", "If-Match", "other").status()).isEqualTo(412);
    assertThat(node.send("HEAD", "/a/c/o", "If-Match", "other").status()).isEqualTo(412);
    assertThat(get("/a/c/none", "If-Match", "*").status()).isEqualTo(404);
  }

  @Test
  void hidesWhatHasExpired() throws Exception {
    put("/a/c/o", bytes(10), at(1).add("X-Delete-At", "1700000010"));

    assertThat(get("/a/c/o").status()).isEqualTo(200);
    assertThat(get("/a/c/o", "X-Timestamp", timestamp(10)).status()).isEqualTo(404);
    node.clock.advance(Duration.ofSeconds(10));
    Answer expired = get("/a/c/o");
    assertThat(expired.status()).isEqualTo(404);
    assertThat(expired.headers().get("X-Backend-Timestamp")).isEqualTo(timestamp(1));
    assertThat(node.send("HEAD", "/a/c/o").status()).isEqualTo(404);
    assertThat(get("/a/c/o", "X-Backend-Open-Expired", "true").status()).isEqualTo(200);
    assertThat(node.send("POST", "/a/c/o", "X-Timestamp", timestamp(11)).status()).isEqualTo(404);
    assertThat(put("/a/c/o", bytes(1), at(12).add("If-None-Match", "*")).status()).isEqualTo(201);
  }

  @Test
  void deletesWhatIsDueOnlyWhileThatHolds() throws Exception {
    put("/a/c/o", bytes(10), at(1).add("X-Delete-At", "1700000010"));

    assertThat(delete(11, "1700000009").status()).isEqualTo(412);
    assertThat(delete(0.5, "1700000010").status()).isEqualTo(409);
    assertThat(delete(11, "soon").status()).isEqualTo(400);
    assertThat(delete(11, "1700000010").status()).isEqualTo(204);
    assertThat(
            node.send(
                    "DELETE",
                    "/a/c/none",
                    "X-Timestamp",
                    timestamp(1),
                    "X-If-Delete-At",
                    "1700000010")
                .status())
        .isEqualTo(404);
  }

  private Answer delete(double second, String ifDeleteAt) throws Exception {
    return node.send(
        "DELETE", "/a/c/o", "X-Timestamp", timestamp(second), "X-If-Delete-At", ifDeleteAt);
  }

  @Test
  void refusesWhatIsNotSigned() throws Exception {
    Answer unsigned = node.exchange("GET", "/sda/0/a/c/o", Body.empty(), new Headers(), false);
    assertThat(unsigned.status()).isEqualTo(401);
    assertThat(node.exchange("GET", "/healthcheck", Body.empty(), new Headers(), false).text())
        .isEqualTo("OK");
    assertThat(
            node.exchange("GET", "/recon/martlet/devices", Body.empty(), new Headers(), false)
                .text())
        .contains("\"sda\"", "\"goneBytes\"", "\"walkedBytes\"", "\"compactionBytes\"");
  }

  @Test
  void refusesWhatItDoesNotUnderstand() throws Exception {
    assertThat(exchange("GET", "/sdb/0/a/c/o")).isEqualTo(507);
    assertThat(exchange("GET", "/sda/x/a/c/o")).isEqualTo(400);
    assertThat(exchange("GET", "/sda/0/a/c/%FF")).isEqualTo(412);
    assertThat(exchange("PATCH", "/sda/0/a/c/o")).isEqualTo(405);
    assertThat(exchange("PUT", "/sda/0/a/c/o")).isEqualTo(400);
    assertThat(exchange("DELETE", "/sda/0/a/c/o")).isEqualTo(400);
    assertThat(exchange("GET", "/sda/0/a/c/o", "X-Backend-Storage-Policy-Index", "7"))
        .isEqualTo(503);
    assertThat(exchange("DELETE", "/sda/0/a/c/o", "X-Timestamp", "yesterday")).isEqualTo(400);
    assertThat(exchange("PUT", "/sda/0/a/c/o", "X-Timestamp", timestamp(1))).isEqualTo(400);
  }

  private int exchange(String method, String target, String... headers) throws Exception {
    return node.exchange(method, target, Body.empty(), Headers.of(headers), true).status();
  }

  @Test
  void keepsPoliciesApart() throws Exception {
    put("/a/c/o", bytes(1), at(1).add("X-Backend-Storage-Policy-Index", "1"));

    assertThat(get("/a/c/o").status()).isEqualTo(404);
    assertThat(get("/a/c/o", "X-Backend-Storage-Policy-Index", "1").status()).isEqualTo(200);
  }

  @Test
  void hasEverythingAfterARestart() throws Exception {
    byte[] small = bytes(1000);
    byte[] large = bytes(1_000_000);
    put("/a/c/small", small, at(1));
    put("/a/c/large", large, at(1));
    node.stop();
    node.start();

    assertThat(get("/a/c/small").body()).isEqualTo(small);
    assertThat(get("/a/c/large").body()).isEqualTo(large);
  }
}
