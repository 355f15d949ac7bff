package org.martlet.proxyserver.filter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.martlet.common.http.Headers;
import org.martlet.common.http.Response;
import org.martlet.proxyserver.api.ApiException;
import org.martlet.proxyserver.api.Authorizer.Decision;
import org.martlet.proxyserver.api.Constraints;
import org.martlet.proxyserver.api.Controller;
import org.martlet.proxyserver.api.RequestContext;
import org.martlet.proxyserver.api.Requests;

class RouterTest {
  /// Answers with its name.
  private record Named(String name, Set<String> methods, Set<String> authorizesItself)
      implements Controller {
    @Override
    public Response handle(RequestContext request) {
      return Response.empty(200, Headers.of("Controller", name));
    }
  }

  private final Router router =
      new Router(
          new Named("account", Set.of("GET", "HEAD", "POST"), Set.of()),
          new Named("container", Set.of("GET", "PUT"), Set.of("GET")),
          new Named("object", Set.of("GET", "PUT", "COPY"), Set.of("GET", "PUT")),
          Constraints.defaults());

  @ParameterizedTest
  @CsvSource({
    "/v1/a, account, /a",
    "/v1.0/a, account, /a",
    "/v1/a/, account, /a",
    "/v1/a/c, container, /a/c",
    "/v1/a/c/, container, /a/c",
    "/v1/a/c/o, object, /a/c/o",
    "/v1/a/c/o/, object, /a/c/o/",
    "/v1/a/c//, object, /a/c//",
    "/v1/a/c/o//p, object, /a/c/o//p",
    "/v1/a/c/o%20%3F, object, '/a/c/o ?'",
    "/v1/a/c%2Fo, object, /a/c/o",
    "/v1/a/%E2%82%AC, container, /a/€",
    "/v1/a/c/100%, object, /a/c/100%",
    "/v1/a/c/..%2f, object, /a/c/../",
    "http://host:80/v1/a/c, container, /a/c",
  })
  void aUrlLeadsToWhatItNames(String target, String controller, String path) throws Exception {
    RequestContext request = Requests.of("GET", target);
    assertThat(router.handle(request).headers().get("Controller")).isEqualTo(controller);
    assertThat(request.path().toString()).isEqualTo(path);
  }

  @ParameterizedTest
  @CsvSource({
    "/, 404",
    "//v1/a, 404",
    "/v1, 412",
    "/v1/, 412",
    "/v1//c, 412",
    "/v1/a//o, 412",
    "/v2, 412",
    "/something, 412",
    "/v2/a, 400",
    "/v1.1/a/c/o, 400",
    "/V1/a, 400",
    "/v1/a/c/%00, 412",
    "/v1/a/%ff, 412",
    "/v1/%ed%a0%80, 412",
    "*, 404",
  })
  void aUrlThatNamesNothingIsRefused(String target, int status) {
    assertRefused(Requests.of("GET", target), status);
  }

  @ParameterizedTest
  @CsvSource({
    "PATCH, /v1/a/c/o, 'COPY, GET, OPTIONS, PUT'",
    "COPY, /v1/a/c, 'GET, OPTIONS, PUT'",
    "PUT, /v1/a, 'GET, HEAD, OPTIONS, POST'",
    "get, /v1/a, 'GET, HEAD, OPTIONS, POST'",
  })
  void anUnknownMethodIs405WithWhatIsAllowed(String method, String target, String allow) {
    assertThatThrownBy(() -> router.handle(Requests.of(method, target)))
        .isInstanceOfSatisfying(
            ApiException.class,
            e -> {
              assertThat(e.status()).isEqualTo(405);
              assertThat(e.headers().get("Allow")).isEqualTo(allow);
            });
  }

  @Test
  void optionsTellsWhatIsAllowedButNotToOtherOrigins() throws Exception {
    Response response = router.handle(Requests.of("OPTIONS", "/v1/a/c"));
    assertThat(response.status()).isEqualTo(200);
    assertThat(response.headers().get("Allow")).isEqualTo("GET, OPTIONS, PUT");
    assertRefused(Requests.of("OPTIONS", "/v1/a/c", "Origin", "http://evil.example"), 401);
  }

  @Test
  void namesThatAreTooLongAreRefusedWhereTheyWouldBeMade() throws Exception {
    String target = "/v1/a/" + "c".repeat(257);
    assertRefused(Requests.of("PUT", target), 400);
    assertThat(router.handle(Requests.of("GET", target)).status()).isEqualTo(200);
    assertRefused(Requests.of("PUT", "/v1/a/c/" + "o".repeat(1025)), 400);
  }

  @ParameterizedTest
  @CsvSource({"GET, /v1/a, 401", "PUT, /v1/a/c, 401", "GET, /v1/a/c, 200", "PUT, /v1/a/c/o, 200"})
  void aDenialIsFinalUnlessTheControllerKnowsTheAcl(String method, String target, int status)
      throws Exception {
    RequestContext request = Requests.of(method, target);
    request.authenticated(null, (r, m, path, acl) -> Decision.DENIED);
    if (status == 200) {
      assertThat(router.handle(request).status()).isEqualTo(200);
    } else {
      assertRefused(request, status);
    }
  }

  private void assertRefused(RequestContext request, int status) {
    assertThatThrownBy(() -> router.handle(request))
        .isInstanceOfSatisfying(ApiException.class, e -> assertThat(e.status()).isEqualTo(status));
  }
}
