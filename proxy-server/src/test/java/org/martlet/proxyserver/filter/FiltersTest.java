package org.martlet.proxyserver.filter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.martlet.common.http.Body;
import org.martlet.common.http.Chunk;
import org.martlet.common.http.Headers;
import org.martlet.common.http.HttpFault;
import org.martlet.common.http.Response;
import org.martlet.common.runtime.LogFields;
import org.martlet.proxyserver.api.ApiException;
import org.martlet.proxyserver.api.Authorizer.Decision;
import org.martlet.proxyserver.api.Identity;
import org.martlet.proxyserver.api.RequestContext;
import org.martlet.proxyserver.api.Requests;

class FiltersTest {
  private static final Filter.Next OK =
      request ->
          new Response(200, new Headers(), Body.of("hello".getBytes(StandardCharsets.UTF_8)));

  @Test
  void everyAnswerHasItsTransactionId() {
    CatchErrors filter = new CatchErrors();
    Response fine = filter.handle(Requests.of("GET", "/"), OK);
    assertThat(fine.headers().get("X-Trans-Id")).isEqualTo("tx1");
    assertThat(fine.headers().get("X-Openstack-Request-Id")).isEqualTo("tx1");
    Response error =
        filter.handle(
            Requests.of("GET", "/"),
            request -> {
              throw new ApiException(404);
            });
    assertThat(error.status()).isEqualTo(404);
    assertThat(error.headers().get("X-Trans-Id")).isEqualTo("tx1");
    assertThat(Requests.text(error))
        .isEqualTo("<html><h1>Not Found</h1><p>The resource could not be found.</p></html>");
  }

  @Test
  void whatNobodyExpectedIs500() {
    Response response =
        new CatchErrors()
            .handle(
                Requests.of("GET", "/"),
                request -> {
                  throw new IllegalStateException("a test says this, with a stack trace");
                });
    assertThat(response.status()).isEqualTo(500);
    assertThat(Requests.text(response)).doesNotContain("a test says this");
  }

  @ParameterizedTest
  @CsvSource({"TIMEOUT, 408", "CLOSED, 499", "ABORTED, 499", "PROTOCOL, 400", "TOO_LARGE, 413"})
  void aClientsOwnFaultIsItsOwn(HttpFault.Kind kind, int status) {
    RequestContext request = Requests.of("PUT", "/", new FailingBody(kind));
    Response response =
        new CatchErrors()
            .handle(
                request,
                r -> {
                  r.body().next().handle((chunk, e) -> chunk).join();
                  throw new IOException("the upload broke off");
                });
    assertThat(response.status()).isEqualTo(status);
  }

  @Test
  void headHasNoBodyButItsLength() {
    Response response = new CatchErrors().handle(Requests.of("HEAD", "/"), OK);
    assertThat(response.body().length()).isZero();
    assertThat(response.headers().get("Content-Length")).isEqualTo("5");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "X-Backend-Storage-Policy-Index",
        "x-backend-anything",
        "X-Account-Sysmeta-Core-Access-Control",
        "X-Container-Sysmeta-A",
        "x-object-sysmeta-ec-etag",
        "X-Object-Transient-Sysmeta-Crypto",
        "X-Container-Host",
        "X-Account-Partition",
        "X-Delete-At-Container",
        "X-If-Delete-At",
      })
  void whatOnlyServersSayStaysAmongThem(String name) throws Exception {
    RequestContext request = Requests.of("GET", "/", name, "v", "X-Object-Meta-A", "b");
    Response response =
        new Gatekeeper()
            .handle(
                request,
                r -> {
                  assertThat(r.headers().contains(name)).isFalse();
                  assertThat(r.headers().get("X-Object-Meta-A")).isEqualTo("b");
                  return Response.empty(200, Headers.of(name, "v", "ETag", "e"));
                });
    assertThat(response.headers().contains(name)).isFalse();
    assertThat(response.headers().get("ETag")).isEqualTo("e");
  }

  @Test
  void aClientsTimestampIsCheckedAndDropped() throws Exception {
    RequestContext request = Requests.of("PUT", "/", "X-Timestamp", "1402464677.04188");
    Response response =
        new Gatekeeper()
            .handle(
                request,
                r -> {
                  assertThat(r.headers().contains("X-Timestamp")).isFalse();
                  return Response.empty(201, Headers.of("X-Timestamp", "1"));
                });
    assertThat(response.headers().get("X-Timestamp")).isEqualTo("1");
    assertThatThrownBy(
            () -> new Gatekeeper().handle(Requests.of("PUT", "/", "X-Timestamp", "soon"), OK))
        .isInstanceOfSatisfying(ApiException.class, e -> assertThat(e.status()).isEqualTo(400));
  }

  @Test
  void healthcheckSaysOkToReadersOnly() throws Exception {
    Healthcheck filter = new Healthcheck();
    assertThat(Requests.text(filter.handle(Requests.of("GET", "/healthcheck"), OK)))
        .isEqualTo("OK");
    assertThatThrownBy(() -> filter.handle(Requests.of("PUT", "/healthcheck"), OK))
        .isInstanceOfSatisfying(ApiException.class, e -> assertThat(e.status()).isEqualTo(405));
    assertThat(Requests.text(filter.handle(Requests.of("GET", "/healthcheck/x"), OK)))
        .isEqualTo("hello");
  }

  @Test
  void infoShowsWhatItIsGiven() throws Exception {
    InfoPage page = info(true, "");
    Response response = page.handle(Requests.of("GET", "/info"), OK);
    assertThat(response.headers().get("Content-Type")).isEqualTo("application/json; charset=UTF-8");
    assertThat(Requests.text(response)).isEqualTo("{\"swift\":{\"version\":\"1\"}}");
    assertThat(page.handle(Requests.of("OPTIONS", "/info"), OK).headers().get("Allow"))
        .isEqualTo("GET, HEAD, OPTIONS");
    assertRefused(page, Requests.of("DELETE", "/info"), 405);
    assertRefused(info(false, ""), Requests.of("GET", "/info"), 403);
  }

  @Test
  void theAdminSectionNeedsASignatureThatIsGenuineAndInTime() throws Exception {
    // printf 'GET\n1800000000\n/info' | openssl dgst -sha1 -hmac adminkey
    String signature = "swiftinfo_sig=5f856f6ac07dbe729f9cac8ecb2a873e288a226c";
    InfoPage page = info(true, "adminkey");
    String expires = "&swiftinfo_expires=1800000000";
    assertRefused(page, Requests.of("GET", "/info?swiftinfo_sig=00" + expires), 401);
    assertRefused(page, Requests.of("GET", "/info?swiftinfo_sig=zz" + expires), 401);
    assertRefused(page, Requests.of("GET", "/info?" + signature), 401);
    assertRefused(
        page, Requests.of("GET", "/info?" + signature + "&swiftinfo_expires=1000000000"), 401);
    assertRefused(info(true, ""), Requests.of("GET", "/info?" + signature + expires), 403);
    for (String method : List.of("GET", "HEAD")) {
      Response response = page.handle(Requests.of(method, "/info?" + signature + expires), OK);
      assertThat(Requests.text(response)).contains("\"admin\"");
    }
  }

  private static InfoPage info(boolean exposed, String adminKey) {
    return new InfoPage(
        Map.of("swift", Map.of("version", "1")), exposed, adminKey, () -> Requests.NOW);
  }

  private static void assertRefused(Filter filter, RequestContext request, int status) {
    assertThatThrownBy(() -> filter.handle(request, OK))
        .isInstanceOfSatisfying(ApiException.class, e -> assertThat(e.status()).isEqualTo(status));
  }

  @Test
  void transactionIdsHaveSwiftsForm() {
    TransactionIds ids = new TransactionIds(() -> 0x0123456789abcdefL, "-c1");
    Instant at = Instant.ofEpochSecond(0x6512abcd);
    assertThat(ids.next(at, null)).isEqualTo("tx0123456789abcdefbcdef-006512abcd-c1");
    assertThat(ids.next(at, "my id/" + "x".repeat(40)))
        .isEqualTo("tx0123456789abcdefbcdef-006512abcd-c1-my%20id%2F" + "x".repeat(26));
  }

  @Test
  void oneLineIsLoggedOnceTheAnswerIsSent() throws Exception {
    List<LogFields> lines = new ArrayList<>();
    AtomicReference<Instant> now = new AtomicReference<>(Requests.NOW.plusMillis(250));
    AccessLog filter = new AccessLog(now::get, lines::add, 16);
    RequestContext request =
        Requests.of(
            "GET",
            "/v1/a/c/o%20p?x=1",
            "X-Auth-Token",
            "AUTH_tk0123456789abcdef0123456789",
            "User-Agent",
            "curl 1\"2");
    request.authenticated(
        new Identity("test:tester", Set.of()), (r, m, p, acl) -> Decision.ALLOWED);
    Response response = filter.handle(request, OK);
    assertThat(lines).isEmpty();
    assertThat(Requests.text(response)).isEqualTo("hello");
    assertThat(lines)
        .map(Object::toString)
        .containsExactly(
            "127.0.0.1 127.0.0.1 22/Nov/2026/12/00/00 GET /v1/a/c/o%20p?x=1 HTTP/1.1 200 -"
                + " curl%201%222 AUTH_tk012345678... - 5 - tx1 - 0.2500 - - 1795348800.000000000"
                + " 1795348800.250000000 - test:tester");
  }

  @Test
  void shortTokensAreNotShownWhole() throws Exception {
    List<LogFields> lines = new ArrayList<>();
    AccessLog filter = new AccessLog(() -> Requests.NOW, lines::add, 16);
    RequestContext request = Requests.of("GET", "/v1/a", "X-Storage-Token", "secret");
    Response response = filter.handle(request, r -> Response.empty(204));
    assertThat(response.status()).isEqualTo(204);
    assertThat(lines).singleElement().asString().contains(" sec... ").doesNotContain("secret");
  }

  @Test
  void signaturesAreNotShownAndNothingAddsALine() throws Exception {
    List<LogFields> lines = new ArrayList<>();
    AccessLog filter = new AccessLog(() -> Requests.NOW, lines::add, 16);
    filter.handle(
        Requests.of(
            "GET",
            "/v1/a/c/o?temp_url_sig=0123456789abcdef&limit=1",
            "Referer",
            "https://h/?temp_url_sig=fedcba9876543210",
            "User-Agent",
            "x\t127.0.0.1 forged",
            "X-Trans-Id",
            "x y"),
        r -> Response.empty(204));
    assertThat(lines)
        .singleElement()
        .asString()
        .contains(" /v1/a/c/o?temp_url_sig=...&limit=1 ", " x%09127.0.0.1%20forged ")
        .doesNotContain("0123456789", "fedcba", "\n");
    List<String> names = new ArrayList<>();
    lines.getFirst().forEach((name, value) -> names.add(name + "=" + value));
    assertThat(names)
        .contains(
            "method=GET", "target=/v1/a/c/o?temp_url_sig=...&limit=1", "status=204", "txn=tx1")
        .noneMatch(field -> field.contains("fedcba"));
  }

  @Test
  void anAnswerThatTheClientDidNotTakeIs499() throws Exception {
    List<LogFields> lines = new ArrayList<>();
    AccessLog filter = new AccessLog(() -> Requests.NOW, lines::add, 16);
    Response response = filter.handle(Requests.of("GET", "/v1/a"), OK);
    response.body().close();
    response.body().close();
    assertThat(lines).singleElement().asString().contains(" 499 ");
  }

  @Test
  void aForwardedClientIsNamedFirst() throws Exception {
    List<LogFields> lines = new ArrayList<>();
    AccessLog filter = new AccessLog(() -> Requests.NOW, lines::add, 16);
    filter.handle(
        Requests.of("GET", "/v1/a", "X-Forwarded-For", "10.1.2.3, 10.9.9.9"),
        r -> Response.empty(204));
    assertThat(lines).singleElement().asString().startsWith("10.1.2.3 127.0.0.1 ");
    filter.handle(Requests.of("GET", "/healthcheck"), r -> Response.empty(204));
    assertThat(lines).hasSize(1);
  }

  /// Fails at the first pull.
  private record FailingBody(HttpFault.Kind kind) implements Body {
    @Override
    public long length() {
      return 10;
    }

    @Override
    public CompletableFuture<Chunk> next() {
      return CompletableFuture.failedFuture(new HttpFault(kind, "a test"));
    }

    @Override
    public Headers trailers() {
      return new Headers();
    }

    @Override
    public void close() {}
  }
}
