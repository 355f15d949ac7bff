package org.martlet.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/// Every bad input gets the right code and a short clear body, and stores nothing.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BadInputIT {
  private LocalCluster cluster;
  private SwiftClient client;

  @BeforeAll
  void start(@TempDir Path data) throws IOException {
    cluster = LocalCluster.up(data);
    client = cluster.client();
    client.createContainer("c");
    assertThat(client.put("/c/kept", bytes("0123456789")).statusCode()).isEqualTo(201);
  }

  @AfterAll
  void stop() {
    cluster.close();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private String head(String method, String path, String... headerLines) {
    StringBuilder request =
        new StringBuilder(method).append(' ').append(path).append(" HTTP/1.1\r\n");
    request.append("Host: test\r\nX-Auth-Token: ").append(client.token()).append("\r\n");
    for (String line : headerLines) {
      request.append(line).append("\r\n");
    }
    return request.append("\r\n").toString();
  }

  private RawHttp.Answer raw(String method, String path, String... headerLines) throws IOException {
    return RawHttp.exchange(cluster.url(), head(method, path, headerLines));
  }

  private void isClear(RawHttp.Answer answer) {
    assertThat(answer.body().length()).as(answer.body()).isBetween(1, 1000);
    assertThat(answer.body()).doesNotContain("Exception", "\tat ", "org.martlet", "io.netty");
    assertThat(answer.head()).containsIgnoringCase("Content-Length");
  }

  @ParameterizedTest
  @CsvSource({
    "/v9/AUTH_test/c/x, 400",
    "/v1/, 412",
    "/v1, 412",
    "/v1//c/x, 412",
    "/v1/AUTH_test/c/a%00b, 412",
    "/v1/AUTH_test/c/%ff, 412",
    "/v1/AUTH_test/c/%ed%a0%80, 412",
    "/v1/AUTH_test/%ff/o, 412",
  })
  void badPathsAreRefused(String path, int status) throws IOException {
    RawHttp.Answer answer = raw("PUT", path, "Content-Length: 1", "Connection: close");
    assertThat(answer.status()).as(answer.head()).isEqualTo(status);
    isClear(answer);
  }

  @ParameterizedTest
  @CsvSource({"256, 1024, 201", "257, 10, 400", "10, 1025, 400"})
  void namesAreLimited(int containerLength, int objectLength, int status) throws IOException {
    String container = "n".repeat(containerLength);
    int made = client.put("/" + container, new byte[0]).statusCode();
    assertThat(made).isEqualTo(containerLength > 256 ? 400 : made);
    HttpResponse<byte[]> answer =
        client.put("/" + container + "/" + "o".repeat(objectLength), bytes("x"));
    assertThat(answer.statusCode()).isEqualTo(status);
    if (status == 201) {
      assertThat(client.delete("/" + container + "/" + "o".repeat(objectLength)).statusCode())
          .isEqualTo(204);
    }
  }

  List<Arguments> metadataOverTheLimits() {
    List<Arguments> table = new ArrayList<>();
    table.add(Arguments.of("a name of 129", headers("X-Object-Meta-" + "n".repeat(129), "v")));
    table.add(Arguments.of("a value of 257", headers("X-Object-Meta-A", "v".repeat(257))));
    String[] many = new String[91 * 2];
    for (int i = 0; i < 91; i++) {
      many[2 * i] = "X-Object-Meta-N" + i;
      many[2 * i + 1] = "v";
    }
    table.add(Arguments.of("91 entries", many));
    String[] large = new String[17 * 2];
    for (int i = 0; i < 17; i++) {
      large[2 * i] = "X-Object-Meta-L" + (char) ('a' + i);
      large[2 * i + 1] = "v".repeat(250);
    }
    table.add(Arguments.of("4096 bytes in all", large));
    table.add(Arguments.of("an empty name", headers("X-Object-Meta-", "v")));
    return table;
  }

  private static String[] headers(String... namesAndValues) {
    return namesAndValues;
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("metadataOverTheLimits")
  void metadataIsLimited(String what, String[] headers) throws IOException {
    HttpResponse<byte[]> answer = client.put("/c/metadata", bytes("x"), headers);
    assertThat(answer.statusCode()).as(what).isEqualTo(400);
    assertThat(answer.body().length).isBetween(1, 500);
    assertThat(client.get("/c/metadata").statusCode()).isEqualTo(404);
  }

  @Test
  void aHeaderThatIsTooLargeIsRefused() throws IOException {
    RawHttp.Answer answer =
        raw("PUT", "/v1/AUTH_test/c/x", "X-Big: " + "v".repeat(8200), "Content-Length: 0");
    assertThat(answer.status()).isIn(400, 431);
    isClear(answer);
    RawHttp.Answer huge =
        raw("PUT", "/v1/AUTH_test/c/x", "X-Big: " + "v".repeat(200_000), "Content-Length: 0");
    assertThat(huge.status()).isIn(400, 431);
    RawHttp.Answer line = raw("GET", "/v1/AUTH_test/c/" + "x".repeat(20_000));
    assertThat(line.status()).isIn(400, 414);
    assertThat(client.get("/c/x").statusCode()).isEqualTo(404);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "bytes=0-3; 206; 0123",
        "bytes=-3; 206; 789",
        "bytes=7-; 206; 789",
        "bytes=3-1; 200; 0123456789",
        "bytes=a-b; 200; 0123456789",
        "octets=0-1; 200; 0123456789",
        "bytes=10-; 416; ",
        "bytes=-0; 416; "
      })
  void rangesAnswerAsSwiftDoes(String range, int status, String body) throws IOException {
    HttpResponse<byte[]> answer = client.get("/c/kept", "Range", range);
    assertThat(answer.statusCode()).isEqualTo(status);
    if (body != null) {
      assertThat(answer.body()).isEqualTo(bytes(body));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "X-Delete-At, yesterday",
    "X-Delete-At, 1",
    "X-Delete-After, -5",
    "X-Delete-After, soon",
    "If-None-Match, abc",
    "X-Timestamp, soon"
  })
  void badValuesAreRefusedAndNothingIsStored(String header, String value) throws IOException {
    HttpResponse<byte[]> answer = client.put("/c/bad-value", bytes("x"), header, value);
    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.body().length).isBetween(1, 500);
    assertThat(client.get("/c/bad-value").statusCode()).isEqualTo(404);
  }

  @Test
  void aWrongEtagIsRefusedAndNothingIsStored() throws IOException {
    for (int size : new int[] {1, 100_000, 1_000_000}) {
      HttpResponse<byte[]> answer =
          client.put("/c/wrong-etag", new byte[size], "ETag", "d41d8cd98f00b204e9800998ecf8427e");
      assertThat(answer.statusCode()).as("%d bytes", size).isEqualTo(422);
      assertThat(client.get("/c/wrong-etag").statusCode()).isEqualTo(404);
    }
  }

  @ParameterizedTest
  @CsvSource({"10", "100000", "2000000"})
  void aBodyShorterThanItsContentLengthStoresNothing(int sent) throws IOException {
    String request =
        head("PUT", "/v1/AUTH_test/c/short", "Content-Length: " + (sent + 1)) + "x".repeat(sent);
    RawHttp.Answer answer = RawHttp.exchange(cluster.url(), request);
    assertThat(answer.status()).isIn(0, 499, 408, 400);
    assertThat(client.get("/c/short").statusCode()).isEqualTo(404);
    assertThat(client.list("c")).doesNotContain("short");
  }

  @Test
  void anUnfinishedChunkedBodyStoresNothing() throws IOException {
    String request =
        head("PUT", "/v1/AUTH_test/c/unfinished", "Transfer-Encoding: chunked") + "5\r\nhello\r\n";
    RawHttp.exchange(cluster.url(), request);
    assertThat(client.get("/c/unfinished").statusCode()).isEqualTo(404);
  }

  @Test
  void twoContentLengthsAreRefused() throws IOException {
    RawHttp.Answer answer =
        RawHttp.exchange(
            cluster.url(),
            head("PUT", "/v1/AUTH_test/c/two", "Content-Length: 5", "Content-Length: 6") + "hello");
    assertThat(answer.status()).isEqualTo(400);
    assertThat(client.get("/c/two").statusCode()).isEqualTo(404);
  }

  @Test
  void chunkedAndContentLengthTogetherAreNeverTwoRequests() throws IOException {
    String smuggled = "GET /v1/AUTH_test/c/kept HTTP/1.1\r\nHost: test\r\n\r\n";
    RawHttp.Answer answer =
        RawHttp.exchange(
            cluster.url(),
            head("PUT", "/v1/AUTH_test/c/both", "Content-Length: 4", "Transfer-Encoding: chunked")
                + "0\r\n\r\n"
                + smuggled);
    assertThat(answer.status()).isIn(201, 400);
    assertThat(answer.body()).doesNotContain("HTTP/1.1");
  }

  @Test
  void aPutWithoutALengthIsRefused() throws IOException {
    RawHttp.Answer answer = raw("PUT", "/v1/AUTH_test/c/none", "Connection: close");
    assertThat(answer.status()).isEqualTo(411);
    isClear(answer);
  }

  @Test
  void anUnknownTransferCodingIsRefused() throws IOException {
    RawHttp.Answer answer = raw("PUT", "/v1/AUTH_test/c/coded", "Transfer-Encoding: gzip");
    assertThat(answer.status()).isIn(400, 501);
  }

  @Test
  void aWrongKeyGetsNoToken() throws IOException {
    RawHttp.Answer answer =
        RawHttp.exchange(
            cluster.url(),
            "GET /auth/v1.0 HTTP/1.1\r\nHost: t\r\nX-Auth-User: test:tester\r\nX-Auth-Key: guess\r\n\r\n");
    assertThat(answer.status()).isEqualTo(401);
    assertThat(answer.head())
        .containsIgnoringCase("Www-Authenticate")
        .doesNotContainIgnoringCase("X-Auth-Token:");
  }

  @ParameterizedTest
  @CsvSource({"AUTH_tkforged", "x", "AUTH_tk00000000000000000000000000000000"})
  void aBadTokenIsRefused(String token) throws IOException {
    RawHttp.Answer answer =
        RawHttp.exchange(
            cluster.url(),
            "GET /v1/AUTH_test/c/kept HTTP/1.1\r\nHost: t\r\nX-Auth-Token: " + token + "\r\n\r\n");
    assertThat(answer.status()).isEqualTo(401);
    isClear(answer);
  }

  @Test
  void anotherUsersAccountIsForbidden() throws IOException {
    SwiftClient other = SwiftClient.login(cluster.url(), "test2:tester2", "testing2");
    assertThat(other.at(client.storageUrl()).get("/c/kept").statusCode()).isEqualTo(403);
    assertThat(other.at(client.storageUrl()).put("/c/theirs", bytes("x")).statusCode())
        .isEqualTo(403);
    SwiftClient noRole = SwiftClient.login(cluster.url(), "test:tester3", "testing3");
    assertThat(noRole.get("/c/kept").statusCode()).isEqualTo(403);
    assertThat(client.get("/c/theirs").statusCode()).isEqualTo(404);
  }

  @Test
  void unknownVerbsAreNotAllowed() throws IOException {
    HttpResponse<byte[]> answer = client.send("BREW", "/c/kept", BodyPublishers.noBody());
    assertThat(answer.statusCode()).isEqualTo(405);
    assertThat(answer.headers().firstValue("Allow")).isPresent();
  }

  @Test
  void listingsLargerThanTheLimitAreRefused() throws IOException {
    assertThat(client.get("/c?limit=10001").statusCode()).isEqualTo(412);
    assertThat(client.get("?limit=10001").statusCode()).isEqualTo(412);
  }

  @Test
  void garbageIsAnsweredAndTheServerLives() throws IOException {
    for (String garbage :
        new String[] {
          "\r\n\r\n\r\n", "GET\r\n\r\n", "\0\1\2\3\r\n\r\n", "GET / HTTP/9.9\r\n\r\n"
        }) {
      RawHttp.Answer answer = RawHttp.exchange(cluster.url(), garbage);
      assertThat(answer.status()).isIn(0, 400, 505);
    }
    assertThat(client.get("/c/kept").statusCode()).isEqualTo(200);
  }
}
