package org.martlet.proxyserver.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.martlet.common.http.Response;
import org.martlet.common.model.ObjectPath;

class AccountControllerTest {
  private final FakeListingServers servers = new FakeListingServers();
  private boolean autocreate = true;
  private boolean managed = false;

  @Test
  void aListingIsAskedForAsJsonAndAnsweredAsWanted() {
    servers.answer(
        "GET",
        "/AUTH_a",
        200,
        "[{\"name\":\"c\",\"count\":1,\"bytes\":2}]",
        "X-Account-Container-Count",
        "1",
        "X-Account-Meta-Color",
        "red",
        "X-Account-Meta-Temp-Url-Key",
        "secret",
        "Content-Length",
        "999");
    Response response = ask("GET", "?prefix=c&limit=3");
    assertThat(response.status()).isEqualTo(200);
    assertThat(Requests.text(response)).isEqualTo("c\n");
    assertThat(response.headers().get("X-Account-Container-Count")).isEqualTo("1");
    assertThat(response.headers().get("X-Account-Meta-Color")).isEqualTo("red");
    assertThat(response.headers().contains("Content-Length")).isFalse();
    assertThat(servers.lastAsked().query()).isEqualTo("format=json&limit=3&prefix=c");
  }

  @Test
  void onlyOwnersSeeKeys() {
    servers.answer("HEAD", "/AUTH_a", 204, "", "X-Account-Meta-Temp-Url-Key", "secret");
    assertThat(ask("HEAD", "").headers().get("X-Account-Meta-Temp-Url-Key")).isEqualTo("secret");
    RequestContext reader = request("HEAD", "");
    reader.authenticated(null, (r, m, p, acl) -> Authorizer.Decision.ALLOWED);
    reader.authorize(null);
    assertThat(ask(reader).headers().contains("X-Account-Meta-Temp-Url-Key")).isFalse();
  }

  @Test
  void headIs204WithoutABody() {
    servers.answer("HEAD", "/AUTH_a", 204, "", "X-Account-Object-Count", "7");
    Response response = ask("HEAD", "");
    assertThat(response.status()).isEqualTo(204);
    assertThat(response.headers().get("X-Account-Object-Count")).isEqualTo("7");
    assertThat(response.headers().get("Content-Length")).isEqualTo("0");
  }

  @Test
  void aMissingAccountLooksEmptyWhereAccountsCreateThemselves() {
    Response head = ask("HEAD", "");
    assertThat(head.status()).isEqualTo(204);
    assertThat(head.headers().get("X-Account-Container-Count")).isEqualTo("0");
    assertThat(ask("GET", "").status()).isEqualTo(204);
    Response json = ask("GET", "?format=json");
    assertThat(json.status()).isEqualTo(200);
    assertThat(Requests.text(json)).isEqualTo("[]");
    assertThat(servers.methodsAsked()).doesNotContain("PUT /AUTH_a");
  }

  @Test
  void aMissingAccountIs404WhereTheyDoNot() {
    autocreate = false;
    assertThat(ask("HEAD", "").status()).isEqualTo(404);
    assertThat(ask("GET", "").status()).isEqualTo(404);
    assertThat(ask("POST", "").status()).isEqualTo(404);
  }

  @Test
  void aDeletedAccountIsGone() {
    servers.answer("HEAD", "/AUTH_a", 404, "", "X-Account-Status", "Deleted");
    assertThat(ask("HEAD", "").status()).isEqualTo(410);
  }

  @Test
  void serversThatFailAre503() {
    servers.answer("GET", "/AUTH_a", 503);
    assertThat(ask("GET", "").status()).isEqualTo(503);
  }

  @Test
  void newestIsAskedOfAll() {
    ask("HEAD", "", "X-Newest", "true");
    ask("HEAD", "", "X-Newest", "no");
    assertThat(servers.newest).containsExactly(true, false);
  }

  @Test
  void postSetsAndRemovesMetadata() {
    servers.answer("POST", "/AUTH_a", 204);
    Response response =
        ask(
            "POST",
            "",
            "X-Account-Meta-Color",
            "red",
            "X-Remove-Account-Meta-Old",
            "x",
            "X-Remove-Account-Meta-Both",
            "x",
            "X-Account-Meta-Both",
            "kept",
            "X-Container-Meta-Not",
            "here");
    assertThat(response.status()).isEqualTo(204);
    var sent = servers.lastAsked().headers();
    assertThat(sent.get("X-Account-Meta-Color")).isEqualTo("red");
    assertThat(sent.get("X-Account-Meta-Old")).isEmpty();
    assertThat(sent.get("X-Account-Meta-Both")).isEqualTo("kept");
    assertThat(sent.contains("X-Container-Meta-Not")).isFalse();
    assertThat(sent.get("X-Timestamp")).isEqualTo("1000000000.00000");
  }

  @Test
  void theFirstPostCreatesTheAccount() {
    servers.answer("POST", "/AUTH_a", 404).answer("POST", "/AUTH_a", 204);
    servers.answer("PUT", "/AUTH_a", 201);
    assertThat(ask("POST", "", "X-Account-Meta-A", "b").status()).isEqualTo(204);
    assertThat(servers.methodsAsked())
        .containsExactly("POST /AUTH_a", "PUT /AUTH_a", "POST /AUTH_a");
  }

  @Test
  void metadataPastALimitIsRefusedBeforeAnybodyIsAsked() {
    assertThat(ask("POST", "", "X-Account-Meta-A", "v".repeat(257)).status()).isEqualTo(400);
    assertThat(servers.asked).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"limit=10001", "limit=20000&format=json"})
  void aLargerLimitIs412(String query) {
    assertThat(ask("GET", "?" + query).status()).isEqualTo(412);
  }

  @Test
  void deletingWithAQueryIsRefused() {
    managed = true;
    servers.answer("DELETE", "/AUTH_a", 204);
    assertThat(ask("DELETE", "?async=yes").status()).isEqualTo(400);
    assertThat(ask("DELETE", "").status()).isEqualTo(204);
  }

  @Test
  void puttingARecentlyDeletedAccountIs403() {
    managed = true;
    servers.answer("PUT", "/AUTH_a", 403);
    Response response = ask("PUT", "");
    assertThat(response.status()).isEqualTo(403);
    assertThat(Requests.text(response)).isEqualTo("Recently deleted");
  }

  @Test
  void onlyManagedAccountsAreMadeAndDeletedByClients() {
    assertThat(controller().methods()).containsExactlyInAnyOrder("GET", "HEAD", "POST");
    managed = true;
    assertThat(controller().methods()).contains("PUT", "DELETE");
  }

  private RequestContext request(String method, String query, String... headers) {
    RequestContext request = Requests.of(method, "/v1/AUTH_a" + query, headers);
    request.route(ObjectPath.account("AUTH_a"));
    request.authorize(null);
    return request;
  }

  private Response ask(String method, String query, String... headers) {
    return ask(request(method, query, headers));
  }

  private Response ask(RequestContext request) {
    try {
      return controller().handle(request);
    } catch (ApiException e) {
      return ErrorResponses.of(e);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private AccountController controller() {
    ApiFixture api = new ApiFixture(servers, autocreate, List.of());
    return new AccountController(
        servers, api.accounts, api.listings, Constraints.defaults(), managed);
  }
}
