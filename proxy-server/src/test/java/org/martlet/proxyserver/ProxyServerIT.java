package org.martlet.proxyserver;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.ConnectException;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// The whole proxy over sockets: what clients do daily, and what nobody should get away with.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ProxyServerIT {
  private static final String MD5_OF_HELLO = "5d41402abc4b2a76b9719d911017c592";

  private ProxyFixture proxy;
  private String token;

  @BeforeAll
  void start() throws Exception {
    proxy = new ProxyFixture("");
    token = proxy.token("test:tester", "testing");
  }

  @AfterAll
  void stop() {
    proxy.close();
  }

  @BeforeEach
  void makeContainer() throws Exception {
    assertThat(ask("PUT", "/v1/AUTH_test/c", "").statusCode()).isIn(201, 202);
  }

  @AfterEach
  void empty() {
    proxy.storage.forEach(
        fake -> fake.stored.keySet().removeIf(path -> path.split("/").length > 3));
  }

  private HttpResponse<String> ask(String method, String target, String body, String... headers)
      throws Exception {
    String[] all = new String[headers.length + 2];
    System.arraycopy(headers, 0, all, 0, headers.length);
    all[headers.length] = "X-Auth-Token";
    all[headers.length + 1] = token;
    return proxy.ask(method, target, body, all);
  }

  @Test
  void anObjectGoesInAndComesBack() throws Exception {
    HttpResponse<String> put =
        ask("PUT", "/v1/AUTH_test/c/dir/o%20%C3%A9", "hello", "X-Object-Meta-Color", "blue");
    assertThat(put.statusCode()).isEqualTo(201);
    assertThat(put.headers().firstValue("ETag")).contains(MD5_OF_HELLO);
    HttpResponse<String> get = ask("GET", "/v1/AUTH_test/c/dir/o%20%C3%A9", "");
    assertThat(get.statusCode()).isEqualTo(200);
    assertThat(get.body()).isEqualTo("hello");
    assertThat(get.headers().firstValue("X-Object-Meta-Color")).contains("blue");
    assertThat(ask("GET", "/v1/AUTH_test/c", "").body()).isEqualTo("dir/o é\n");
    assertThat(ask("GET", "/v1/AUTH_test/c?format=json", "").body())
        .isEqualTo("[{\"name\":\"dir/o é\"}]");
    assertThat(ask("GET", "/v1/AUTH_test", "").body()).isEqualTo("c\n");
    assertThat(ask("DELETE", "/v1/AUTH_test/c", "").statusCode()).isEqualTo(409);
    assertThat(ask("DELETE", "/v1/AUTH_test/c/dir/o%20%C3%A9", "").statusCode()).isEqualTo(204);
    assertThat(ask("DELETE", "/v1/AUTH_test/c", "").statusCode()).isEqualTo(204);
    assertThat(ask("GET", "/v1/AUTH_test/c", "").statusCode()).isEqualTo(404);
  }

  @Test
  void everyAnswerNamesItsTransactionOnBothSides() throws Exception {
    HttpResponse<String> head = ask("HEAD", "/v1/AUTH_test/c", "", "X-Trans-Id-Extra", "find me");
    String id = head.headers().firstValue("X-Trans-Id").orElseThrow();
    assertThat(id).matches("tx[0-9a-f]{21}-[0-9a-f]{10}-find%20me");
    assertThat(head.headers().firstValue("X-Openstack-Request-Id")).contains(id);
    assertThat(proxy.storage.stream().anyMatch(fake -> fake.transactions.contains(id))).isTrue();
  }

  @Test
  void headersOfServersDoNotLeak() throws Exception {
    HttpResponse<String> get = ask("HEAD", "/v1/AUTH_test/c", "");
    assertThat(get.statusCode()).isEqualTo(204);
    assertThat(get.headers().map().keySet())
        .noneMatch(name -> name.toLowerCase(Locale.ROOT).startsWith("x-backend"));
    assertThat(get.headers().firstValue("X-Storage-Policy")).contains("gold");
  }

  @Test
  void aContainersReadersNeedItsAcl() throws Exception {
    ask("PUT", "/v1/AUTH_test/c/o", "hello");
    String other = proxy.token("test2:tester2", "testing2");
    String object = "/v1/AUTH_test/c/o";
    assertThat(proxy.ask("GET", object, "", "X-Auth-Token", other).statusCode()).isEqualTo(403);
    assertThat(proxy.ask("GET", object, "").statusCode()).isEqualTo(401);
    ask("POST", "/v1/AUTH_test/c", "", "X-Container-Read", "test2:tester2");
    assertThat(proxy.ask("GET", object, "", "X-Auth-Token", other).statusCode()).isEqualTo(200);
    assertThat(proxy.ask("PUT", object, "x", "X-Auth-Token", other).statusCode()).isEqualTo(403);
    HttpResponse<String> head = proxy.ask("HEAD", "/v1/AUTH_test/c", "", "X-Auth-Token", other);
    assertThat(head.statusCode()).isEqualTo(204);
    assertThat(head.headers().firstValue("X-Container-Read")).isEmpty();
    ask("POST", "/v1/AUTH_test/c", "", "X-Container-Read", ".r:*");
    assertThat(proxy.ask("GET", object, "").statusCode()).isEqualTo(200);
    assertThat(proxy.ask("GET", "/v1/AUTH_test/c", "").statusCode()).isEqualTo(401);
    ask("POST", "/v1/AUTH_test/c", "", "X-Container-Read", ".r:*,.rlistings");
    assertThat(proxy.ask("GET", "/v1/AUTH_test/c", "").body()).isEqualTo("o\n");
  }

  @Test
  void pagesWithoutAnAccountAnswer() throws Exception {
    assertThat(proxy.ask("GET", "/healthcheck", "").body()).isEqualTo("OK");
    HttpResponse<String> info = proxy.ask("GET", "/info", "");
    assertThat(info.body()).contains("\"max_file_size\":5368709122", "\"tempauth\"", "\"gold\"");
    HttpResponse<String> head = proxy.ask("HEAD", "/info", "");
    assertThat(head.statusCode()).isEqualTo(200);
    assertThat(head.body()).isEmpty();
  }

  private static Arguments bad(String what, int status, String message) {
    return Arguments.of(what, status, message);
  }

  private static String put(String target, String headers, String body) {
    return request("PUT", target, headers + "Content-Length: " + body.length() + "\r\n", body);
  }

  private static String request(String method, String target, String headers, String body) {
    return method
        + " "
        + target
        + " HTTP/1.1\r\nHost: h\r\nConnection: close\r\nX-Auth-Token: TOKEN\r\n"
        + headers
        + "\r\n"
        + body;
  }

  static List<Arguments> badInput() {
    String o = "/v1/AUTH_test/c/o";
    String c = "/v1/AUTH_test/new";
    return List.of(
        bad("unknown version", 400, put("/v2/AUTH_test/c/o", "", "x")),
        bad("no account", 412, put("/v1", "", "x")),
        bad("empty container", 412, put("/v1/AUTH_test//o", "", "x")),
        bad("NUL", 412, put("/v1/AUTH_test/c/a%00b", "", "x")),
        bad("bad UTF-8", 412, put("/v1/AUTH_test/c/%ff", "", "x")),
        bad("object name", 400, put("/v1/AUTH_test/c/" + "o".repeat(1025), "", "x")),
        bad("container name", 400, put("/v1/AUTH_test/" + "c".repeat(257), "", "")),
        bad("meta name", 400, put(o, "X-Object-Meta-" + "n".repeat(129) + ": v\r\n", "x")),
        bad("meta value", 400, put(o, "X-Object-Meta-A: " + "v".repeat(257) + "\r\n", "x")),
        bad("empty meta name", 400, put(o, "X-Object-Meta-: v\r\n", "x")),
        bad("meta count", 400, put(o, many("X-Object-Meta-", 91, "v"), "x")),
        bad("meta sum", 400, put(o, many("X-Object-Meta-", 20, "v".repeat(250)), "x")),
        bad("container meta", 400, put(c, "X-Container-Meta-A: \u00ff\r\n", "")),
        bad("container ACL", 400, put(c, "X-Container-Write: .r:*\r\n", "")),
        bad("policy", 400, put(c, "X-Storage-Policy: nonsense\r\n", "")),
        bad("delete at", 400, put(o, "X-Delete-At: tomorrow\r\n", "x")),
        bad("delete at, past", 400, put(o, "X-Delete-At: 1000000000\r\n", "x")),
        bad("timestamp", 400, put(o, "X-Timestamp: now\r\n", "x")),
        bad("wrong ETag", 422, put(o, "ETag: " + "0".repeat(32) + "\r\n", "x")),
        bad("if-none-match", 400, put(o, "If-None-Match: abc\r\n", "x")),
        bad("no length", 411, request("PUT", o, "", "")),
        bad("transfer coding", 501, request("PUT", o, "Transfer-Encoding: gzip\r\n", "x")),
        bad("two lengths", 400, put(o, "Content-Length: 2\r\n", "x")),
        bad("bad length", 400, request("PUT", o, "Content-Length: x\r\n", "x")),
        bad("negative length", 400, request("PUT", o, "Content-Length: -1\r\n", "")),
        bad("bad chunk", 400, request("PUT", o, "Transfer-Encoding: chunked\r\n", "zz\r\nx\r\n")),
        bad("too large", 413, request("PUT", o, "Content-Length: 5368709123\r\n", "")),
        bad("large header", 400, put(o, "X-Whatever: " + "v".repeat(8193) + "\r\n", "x")),
        bad("too many headers", 400, put(o, many("X-H-", 200, "v"), "x")),
        bad("long line", 414, put("/v1/AUTH_test/c/" + "o".repeat(9000), "", "x")),
        bad("slow body", 408, request("PUT", o, "Content-Length: 10\r\n", "x")),
        bad("no method", 405, request("BREW", o, "Content-Length: 0\r\n", "")),
        bad("wrong token", 401, put(o, "", "x").replace("TOKEN", "AUTH_tkAAAA")),
        bad("foreign token", 401, put(o, "", "x").replace("TOKEN", "whatever")),
        bad("other account", 403, put("/v1/AUTH_test2/c/o", "", "x")),
        bad("other account's", 403, put("/v1/AUTH_test2/new", "", "")),
        bad("foreign prefix", 403, put("/v1/OTHER_test/c", "", "")),
        bad("bad limit", 412, request("GET", "/v1/AUTH_test/c?limit=10001", "", "")),
        bad("bad accept", 406, request("GET", "/v1/AUTH_test/c", "Accept: image/png\r\n", "")));
  }

  private static String many(String prefix, int count, String value) {
    StringBuilder headers = new StringBuilder();
    for (int i = 0; i < count; i++) {
      headers.append(prefix).append(i).append(": ").append(value).append("\r\n");
    }
    return headers.toString();
  }

  @ParameterizedTest(name = "{0} is {1}")
  @MethodSource("badInput")
  void badInputGetsTheRightCodeAndStoresNothing(String what, int status, String message)
      throws Exception {
    List<String> before = proxy.everythingStored();
    String answer = proxy.raw(message.replace("TOKEN", token), false, 5000);
    assertThat(answer).as(what).startsWith("HTTP/1.1 " + status + " ");
    assertThat(answer.length()).isLessThan(1500);
    assertThat(proxy.everythingStored()).isEqualTo(before);
  }

  @Test
  void aBodyThatEndsEarlyStoresNothing() throws Exception {
    List<String> before = proxy.everythingStored();
    String head = "Content-Length: 100000\r\n";
    String message = request("PUT", "/v1/AUTH_test/c/short", head, "x".repeat(70_000));
    proxy.raw(message.replace("TOKEN", token), true, 5000);
    assertThat(proxy.everythingStored()).isEqualTo(before);
  }

  @Test
  void aWrongKeyGetsNoToken() throws Exception {
    HttpResponse<String> refused =
        proxy.ask("GET", "/auth/v1.0", "", "X-Auth-User", "test:tester", "X-Auth-Key", "wrong");
    assertThat(refused.statusCode()).isEqualTo(401);
    assertThat(refused.headers().firstValue("X-Auth-Token")).isEmpty();
    assertThat(refused.headers().firstValue("Www-Authenticate"))
        .contains("Swift realm=\"unknown\"");
  }

  @Test
  void oneDeadServerIsNotNoticedTwoAre() throws Exception {
    try (ProxyFixture fragile = new ProxyFixture("")) {
      String t = fragile.token("test:tester", "testing");
      assertThat(fragile.ask("PUT", "/v1/AUTH_test/c", "", "X-Auth-Token", t).statusCode())
          .isEqualTo(201);
      fragile.stop(1);
      String o = "/v1/AUTH_test/c/o";
      assertThat(fragile.ask("PUT", o, "hello", "X-Auth-Token", t).statusCode()).isEqualTo(201);
      assertThat(fragile.ask("GET", o, "", "X-Auth-Token", t).body()).isEqualTo("hello");
      fragile.stop(2);
      assertThat(fragile.ask("PUT", o, "again", "X-Auth-Token", t).statusCode()).isEqualTo(503);
      // What was not acknowledged may or may not be there; what was is not lost otherwise.
      assertThat(fragile.ask("GET", o, "", "X-Auth-Token", t).body()).isIn("hello", "again");
    }
  }

  @Test
  void aStoppedProxyIsGone() throws Exception {
    try (ProxyFixture other = new ProxyFixture("")) {
      assertThat(other.ask("GET", "/healthcheck", "").statusCode()).isEqualTo(200);
      other.stopProxy();
      assertThat(other.raw(request("GET", "/healthcheck", "", ""), false, 5000)).isEmpty();
    } catch (ConnectException e) {
      assertThat(e).hasMessageContaining("refused");
    }
  }
}
