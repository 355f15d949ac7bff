package org.martlet.proxyserver.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.martlet.common.http.Response;
import org.martlet.common.model.ObjectPath;
import org.martlet.proxyserver.api.ApiException;
import org.martlet.proxyserver.api.Authorizer.Decision;
import org.martlet.proxyserver.api.Identity;
import org.martlet.proxyserver.api.RequestContext;
import org.martlet.proxyserver.api.Requests;

class TempAuthTest {
  private static final byte[] SECRET = "0123456789abcdef".getBytes(StandardCharsets.UTF_8);

  private final AtomicReference<Instant> now = new AtomicReference<>(Requests.NOW);
  private final TempAuth auth =
      new TempAuth(
          new TempAuthConfig(
              List.of(
                  user("test", "tester", "testing", ".admin"),
                  user("test", "tester3", "testing3"),
                  user("test2", "tester2", "testing2", ".admin"),
                  user("test5", "tester5", "testing5", ".service"),
                  user("admin", "admin", "admin", ".admin", ".reseller_admin"),
                  user("read", "er", "reader", ".reseller_reader"),
                  new TempAuthUser(
                      "else", "where", "key", List.of(), "https://else.example/v1/AUTH_e")),
              List.of("AUTH", "SERVICE"),
              Map.of("SERVICE", ".service"),
              "/auth/",
              "default",
              Duration.ofDays(1)),
          SECRET,
          now::get);

  private static TempAuthUser user(String account, String user, String key, String... groups) {
    return new TempAuthUser(account, user, key, List.of(groups), "");
  }

  @ParameterizedTest
  @CsvSource({
    "/auth/v1.0, X-Auth-User, test:tester, X-Auth-Key, testing",
    "/auth/v1.0, X-Storage-User, test:tester, X-Storage-Pass, testing",
    "/auth/v1.0, X-Auth-User, test%3Atester, X-Auth-Key, %74esting",
    "/auth/auth, X-Auth-User, test:tester, X-Auth-Key, testing",
    "/auth/v1/test/auth, X-Auth-User, test:tester, X-Auth-Key, testing",
    "/auth/v1/test/auth, X-Storage-User, tester, X-Storage-Pass, testing",
  })
  void theRightKeyGetsAToken(
      String path, String userHeader, String user, String keyHeader, String key) throws Exception {
    Response response =
        answer(
            Requests.of("GET", path, userHeader, user, keyHeader, key, "Host", "127.0.0.1:8080"));
    assertThat(response.status()).isEqualTo(200);
    String token = response.headers().get("X-Auth-Token");
    assertThat(token).startsWith("AUTH_tk");
    assertThat(response.headers().get("X-Storage-Token")).isEqualTo(token);
    assertThat(response.headers().get("X-Auth-Token-Expires")).isEqualTo("86400");
    assertThat(response.headers().get("X-Storage-Url"))
        .isEqualTo("http://127.0.0.1:8080/v1/AUTH_test");
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      value = {
        "test:tester, wrong",
        "test:tester, -",
        "test:tester, ''",
        "test:nobody, testing",
        "tester, testing",
        "-, testing",
        "test:tester3, testing",
        "%ff, testing",
      })
  void anythingElseGets401(String user, String key) {
    RequestContext request = Requests.of("GET", "/auth/v1.0", "Host", "h");
    if (user != null) {
      request.headers().set("X-Auth-User", user);
    }
    if (key != null) {
      request.headers().set("X-Auth-Key", key);
    }
    ApiException refusal = refusal(request);
    assertThat(refusal.status()).isEqualTo(401);
    assertThat(refusal.headers().get("Www-Authenticate")).isEqualTo("Swift realm=\"unknown\"");
    assertThat(auth.wrongKeys()).isEqualTo(1);
    assertThat(auth.wrongTokens()).isZero();
  }

  @Test
  void anEmptyResellerPrefixIsRefused() {
    assertThatThrownBy(
            () ->
                new TempAuthConfig(
                    List.of(),
                    List.of("AUTH", ""),
                    Map.of(),
                    "/auth/",
                    "default",
                    Duration.ofDays(1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("every user of an account would own it");
  }

  @Test
  void theUrlsAccountMustBeTheUsers() {
    RequestContext request =
        Requests.of(
            "GET", "/auth/v1/test2/auth", "X-Auth-User", "test:tester", "X-Auth-Key", "testing");
    ApiException refusal = refusal(request);
    assertThat(refusal.status()).isEqualTo(401);
    assertThat(refusal.headers().get("Www-Authenticate")).isEqualTo("Swift realm=\"test2\"");
  }

  @ParameterizedTest
  @CsvSource({
    "PUT, /auth/v1.0, 405",
    "POST, /auth/v1/test/auth, 405",
    "GET, /auth/v2.0, 400",
    "GET, /auth/v1.0/x, 400",
    "GET, /auth/, 404",
  })
  void otherRequestsToItAreRefused(String method, String path, int status) {
    assertThat(refusal(Requests.of(method, path)).status()).isEqualTo(status);
  }

  @Test
  void aUsersOwnUrlIsToldAsItIs() throws Exception {
    Response response =
        answer(
            Requests.of(
                "GET",
                "/auth/v1.0",
                "X-Auth-User",
                "else:where",
                "X-Auth-Key",
                "key",
                "Host",
                "h"));
    assertThat(response.headers().get("X-Storage-Url")).isEqualTo("https://else.example/v1/AUTH_e");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a b", "host/path", "x\"y"})
  void aHostThatIsNoneIsNotRepeated(String host) {
    RequestContext request =
        Requests.of(
            "GET",
            "/auth/v1.0",
            "X-Auth-User",
            "test:tester",
            "X-Auth-Key",
            "testing",
            "Host",
            host);
    assertThat(refusal(request).status()).isEqualTo(400);
  }

  @Test
  void aTokenIdentifiesUntilItExpires() throws Exception {
    String token = token("test:tester", "testing");
    assertThat(identified("X-Auth-Token", token).user()).isEqualTo("test:tester");
    assertThat(identified("X-Storage-Token", token).groups())
        .containsExactlyInAnyOrder("test", "test:tester", "AUTH_test", "SERVICE_test");
    now.set(Requests.NOW.plus(Duration.ofDays(1)));
    assertThat(refusal(Requests.of("GET", "/v1/AUTH_test", "X-Auth-Token", token)).status())
        .isEqualTo(401);
  }

  @Test
  void aForgedTokenIsRefusedAndAForeignOneIsNobodys() {
    assertThat(refusal(Requests.of("GET", "/v1/AUTH_a", "X-Auth-Token", "AUTH_tkx")).status())
        .isEqualTo(401);
    RequestContext foreign = Requests.of("GET", "/v1/AUTH_a", "X-Auth-Token", "something");
    assertThat(handled(foreign).identity()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      value = {
        // user, method, account, container, object, acl, decision
        "test:tester, GET, AUTH_test, -, -, -, OWNER",
        "test:tester, POST, AUTH_test, -, -, -, OWNER",
        "test:tester, PUT, AUTH_test, -, -, -, DENIED",
        "test:tester, DELETE, AUTH_test, -, -, -, DENIED",
        "test:tester, PUT, AUTH_test, c, -, -, OWNER",
        "test:tester, DELETE, AUTH_test, c, o, -, OWNER",
        "test:tester, GET, AUTH_test2, -, -, -, DENIED",
        "test:tester, GET, OTHER_test, -, -, -, DENIED",
        "test:tester, GET, AUTH_, -, -, -, DENIED",
        "test:tester, GET, SERVICE_test, -, -, -, DENIED",
        "test:tester3, GET, AUTH_test, c, o, -, DENIED",
        "test:tester3, GET, AUTH_test, c, o, test, ALLOWED",
        "test:tester3, GET, AUTH_test, c, o, test:tester3, ALLOWED",
        "test:tester3, PUT, AUTH_test, c, o, test2:tester2, DENIED",
        "test2:tester2, PUT, AUTH_test, c, o, test2:tester2, ALLOWED",
        "test2:tester2, PUT, AUTH_test, c, o, AUTH_test2, ALLOWED",
        "test5:tester5, GET, AUTH_test, c, o, .service, ALLOWED",
        "admin:admin, PUT, AUTH_test, -, -, -, OWNER",
        "admin:admin, DELETE, AUTH_test, c, o, -, OWNER",
        "admin:admin, GET, OTHER_test, -, -, -, DENIED",
        "read:er, GET, AUTH_test, c, o, -, ALLOWED",
        "read:er, PUT, AUTH_test, c, o, -, DENIED",
        "-, GET, AUTH_test, c, o, -, DENIED",
        "-, GET, AUTH_test, c, o, .r:*, ALLOWED",
        "-, GET, AUTH_test, c, -, .r:*, DENIED",
        "-, GET, AUTH_test, c, -, '.r:*,.rlistings', ALLOWED",
        "-, GET, AUTH_test, c, -, .rlistings, DENIED",
        "-, GET, AUTH_test, c, o, '.r:-unknown,test', DENIED",
        "-, OPTIONS, AUTH_test, c, o, -, ALLOWED",
        "-, OPTIONS, OTHER_test, c, o, -, DENIED",
      })
  void groupsAndAclsDecide(
      String login,
      String method,
      String account,
      String container,
      String object,
      String acl,
      Decision decision)
      throws Exception {
    RequestContext request = Requests.of(method, "/");
    if (login != null) {
      request.headers().set("X-Auth-Token", token(login, keyOf(login)));
    }
    handled(request);
    ObjectPath path = new ObjectPath(account, container, object);
    assertThat(auth.decide(request, method, path, acl)).isEqualTo(decision);
  }

  @Test
  void aServiceTokenAddsTheGroupThatAServicesAccountsNeed() throws Exception {
    RequestContext request =
        Requests.of(
            "GET",
            "/",
            "X-Auth-Token",
            token("test:tester", "testing"),
            "X-Service-Token",
            token("test5:tester5", "testing5"));
    handled(request);
    assertThat(auth.decide(request, "GET", ObjectPath.account("SERVICE_test"), null))
        .isEqualTo(Decision.OWNER);
  }

  @Test
  void usersThatAreTwiceThereAreRefused() {
    assertThatThrownBy(
            () ->
                new TempAuthConfig(
                    List.of(user("a", "b", "c"), user("a", "b", "d")),
                    List.of("AUTH"),
                    Map.of(),
                    "/auth/",
                    "default",
                    Duration.ofDays(1)))
        .hasMessage("user a:b is there twice");
  }

  @Test
  void aUsersTextDoesNotShowTheKey() {
    assertThat(user("a", "b", "very-secret", ".admin").toString()).doesNotContain("very-secret");
  }

  private static String keyOf(String login) {
    return switch (login) {
      case "test:tester" -> "testing";
      case "test:tester3" -> "testing3";
      case "test2:tester2" -> "testing2";
      case "test5:tester5" -> "testing5";
      case "admin:admin" -> "admin";
      default -> "reader";
    };
  }

  private Response answer(RequestContext request) throws Exception {
    return auth.handle(request, passed -> Response.empty(299));
  }

  private RequestContext handled(RequestContext request) {
    try {
      assertThat(answer(request).status()).isEqualTo(299);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
    return request;
  }

  private Identity identified(String header, String token) {
    return handled(Requests.of("GET", "/v1/AUTH_test", header, token)).identity().orElseThrow();
  }

  private String token(String user, String key) throws Exception {
    Response response =
        answer(
            Requests.of("GET", "/auth/v1.0", "X-Auth-User", user, "X-Auth-Key", key, "Host", "h"));
    return response.headers().get("X-Auth-Token");
  }

  private ApiException refusal(RequestContext request) {
    try {
      throw new AssertionError("answered " + answer(request).status());
    } catch (ApiException e) {
      return e;
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }
}
