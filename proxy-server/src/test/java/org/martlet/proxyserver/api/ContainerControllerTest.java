package org.martlet.proxyserver.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.martlet.common.http.Headers;
import org.martlet.common.http.Response;
import org.martlet.common.model.ObjectPath;
import org.martlet.common.protocol.StoragePolicy;
import org.martlet.proxyserver.api.Authorizer.Decision;
import org.martlet.proxyserver.auth.ContainerAcl;

class ContainerControllerTest {
  private static final String ACCOUNT = "/AUTH_a";
  private static final String CONTAINER = "/AUTH_a/c";

  private final FakeListingServers servers = new FakeListingServers();
  private final ApiFixture api =
      new ApiFixture(
          servers,
          true,
          List.of(
              new StoragePolicy(1, "silver", false, false),
              new StoragePolicy(2, "old", false, true)));
  private final ContainerController controller =
      new ContainerController(
          servers,
          api.accounts,
          api.cache,
          api.listings,
          api.policies,
          Constraints.defaults(),
          ContainerAcl::clean);

  private void accountExists() {
    servers.answer("HEAD", ACCOUNT, 204);
  }

  @Test
  void putCreatesWithTheDefaultPolicy() {
    accountExists();
    servers.answer("PUT", CONTAINER, 201);
    assertThat(ask("PUT", "", "X-Container-Meta-A", "b").status()).isEqualTo(201);
    Headers sent = servers.lastAsked().headers();
    assertThat(sent.get("X-Backend-Storage-Policy-Default")).isEqualTo("0");
    assertThat(sent.contains("X-Backend-Storage-Policy-Index")).isFalse();
    assertThat(sent.get("X-Container-Meta-A")).isEqualTo("b");
    assertThat(sent.get("X-Timestamp")).isEqualTo("1000000000.00000");
  }

  @Test
  void putWithANamedPolicyAsksForIt() {
    accountExists();
    servers.answer("PUT", CONTAINER, 202);
    assertThat(ask("PUT", "", "X-Storage-Policy", "Silver").status()).isEqualTo(202);
    assertThat(servers.lastAsked().headers().get("X-Backend-Storage-Policy-Index")).isEqualTo("1");
  }

  @ParameterizedTest
  @CsvSource({"nonsense", "old"})
  void putWithAPolicyThatIsNotToBeUsedIs400(String policy) {
    accountExists();
    assertThat(ask("PUT", "", "X-Storage-Policy", policy).status()).isEqualTo(400);
    assertThat(servers.methodsAsked()).doesNotContain("PUT " + CONTAINER);
  }

  @Test
  void putWithAnotherPolicyThanBeforeIs409() {
    accountExists();
    servers.answer("HEAD", CONTAINER, 204, "", "X-Backend-PUT-Timestamp", "0000000500.00000");
    servers.answer("PUT", CONTAINER, 409);
    assertThat(ask("PUT", "", "X-Storage-Policy", "silver").status()).isEqualTo(409);
    assertThat(servers.methodsAsked()).containsOnlyOnce("PUT " + CONTAINER);
  }

  @Test
  void aChangeThatMeetsALaterClockIsRepeatedWithOneLaterStill() {
    accountExists();
    servers.answer("HEAD", CONTAINER, 204, "", "X-Backend-PUT-Timestamp", "0000000500.00000");
    servers.answer("HEAD", CONTAINER, 404, "", "X-Backend-DELETE-Timestamp", "1000000009.00000");
    servers.answer("PUT", CONTAINER, 409).answer("PUT", CONTAINER, 201);
    assertThat(ask("PUT", "").status()).isEqualTo(201);
    assertThat(servers.lastAsked().headers().get("X-Timestamp")).isEqualTo("1000000009.00001");
  }

  @Test
  void clocksAreNotOutbidForEver() {
    accountExists();
    servers.answer("HEAD", CONTAINER, 404, "", "X-Backend-DELETE-Timestamp", "2000000000.00000");
    servers.answer("PUT", CONTAINER, 409);
    assertThat(ask("PUT", "").status()).isEqualTo(409);
    assertThat(servers.methodsAsked().stream().filter(("PUT " + CONTAINER)::equals)).hasSize(2);
  }

  @Test
  void putCreatesTheAccountFirst() {
    servers.answer("HEAD", ACCOUNT, 404);
    servers.answer("PUT", ACCOUNT, 201);
    servers.answer("PUT", CONTAINER, 201);
    assertThat(ask("PUT", "").status()).isEqualTo(201);
    assertThat(servers.methodsAsked())
        .containsExactly("HEAD " + ACCOUNT, "PUT " + ACCOUNT, "PUT " + CONTAINER);
  }

  @Test
  void inADeletedAccountNothingIsCreated() {
    servers.answer("HEAD", ACCOUNT, 404, "", "X-Account-Status", "Deleted");
    assertThat(ask("PUT", "").status()).isEqualTo(404);
    assertThat(servers.methodsAsked()).containsExactly("HEAD " + ACCOUNT);
  }

  @Test
  void anAccountThatCannotBeCreatedNowIs503() {
    servers.answer("HEAD", ACCOUNT, 404);
    servers.answer("PUT", ACCOUNT, 503);
    assertThat(ask("PUT", "").status()).isEqualTo(503);
  }

  @Test
  void aclsAreStoredInOneForm() {
    accountExists();
    servers.answer("POST", CONTAINER, 204);
    assertThat(
            ask("POST", "", "X-Container-Read", " .r:* , test:x", "X-Remove-Container-Write", "x")
                .status())
        .isEqualTo(204);
    Headers sent = servers.lastAsked().headers();
    assertThat(sent.get("X-Container-Read")).isEqualTo(".r:*,test:x");
    assertThat(sent.get("X-Container-Write")).isEmpty();
  }

  @Test
  void anAclThatMeansNothingIs400WithTheReason() {
    accountExists();
    Response response = ask("PUT", "", "X-Container-Write", ".r:*");
    assertThat(response.status()).isEqualTo(400);
    assertThat(Requests.text(response)).contains("Referrers not allowed in write ACL");
  }

  @Test
  void whoIsNoOwnerSetsNoAcl() {
    accountExists();
    servers.answer("POST", CONTAINER, 204);
    RequestContext request =
        request("POST", "", "X-Container-Read", "all", "X-Remove-Container-Write", "x");
    request.authenticated(null, (r, m, p, acl) -> Decision.ALLOWED);
    request.authorize(null);
    assertThat(ask(request).status()).isEqualTo(204);
    assertThat(servers.lastAsked().headers().contains("X-Container-Read")).isFalse();
    assertThat(servers.lastAsked().headers().contains("X-Container-Write")).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"X-Versions-Location", "X-History-Location", "X-Versions-Enabled"})
  void versioningThatIsNotThereIsRefused(String header) {
    accountExists();
    assertThat(ask("PUT", "", header, "true").status()).isEqualTo(412);
  }

  @Test
  void headShowsWhatOwnersMaySee() {
    accountExists();
    servers.answer(
        "HEAD",
        CONTAINER,
        204,
        "",
        "X-Container-Object-Count",
        "3",
        "X-Container-Read",
        "test:x",
        "X-Backend-Storage-Policy-Index",
        "1");
    Response owner = ask("HEAD", "");
    assertThat(owner.status()).isEqualTo(204);
    assertThat(owner.headers().get("X-Container-Object-Count")).isEqualTo("3");
    assertThat(owner.headers().get("X-Container-Read")).isEqualTo("test:x");
    assertThat(owner.headers().get("X-Storage-Policy")).isEqualTo("silver");
    RequestContext reader = request("HEAD", "");
    reader.authenticated(
        null, (r, m, p, acl) -> "test:x".equals(acl) ? Decision.ALLOWED : Decision.DENIED);
    Response read = ask(reader);
    assertThat(read.status()).isEqualTo(204);
    assertThat(read.headers().contains("X-Container-Read")).isFalse();
  }

  @Test
  void whoMayNotReadDoesNotLearnWhetherItExists() {
    accountExists();
    RequestContext missing = request("GET", "");
    missing.authenticated(null, (r, m, p, acl) -> Decision.DENIED);
    assertThat(ask(missing).status()).isEqualTo(401);
    servers.answer("GET", CONTAINER, 200, "[]");
    RequestContext present = request("GET", "");
    present.authenticated(new Identity("test:x", Set.of()), (r, m, p, acl) -> Decision.DENIED);
    assertThat(ask(present).status()).isEqualTo(403);
  }

  @Test
  void aMissingContainerIs404ToItsOwner() {
    accountExists();
    assertThat(ask("GET", "").status()).isEqualTo(404);
    servers.answer("DELETE", CONTAINER, 404);
    assertThat(ask("DELETE", "").status()).isEqualTo(404);
    servers.answer("POST", CONTAINER, 404);
    assertThat(ask("POST", "").status()).isEqualTo(404);
  }

  @Test
  void inAMissingAccountReadsAre404AndCreateNothing() {
    assertThat(ask("GET", "").status()).isEqualTo(404);
    assertThat(ask("POST", "").status()).isEqualTo(404);
    assertThat(ask("DELETE", "").status()).isEqualTo(404);
    assertThat(servers.methodsAsked()).containsOnly("HEAD " + ACCOUNT);
  }

  @Test
  void deletingAsksEveryReplicaWhetherItIsEmpty() {
    accountExists();
    servers.answer("HEAD", CONTAINER, 204, "", "X-Container-Object-Count", "0");
    servers.answer("HEAD", CONTAINER, 204, "", "X-Container-Object-Count", "1");
    servers.answer("DELETE", CONTAINER, 204);
    assertThat(ask("DELETE", "").status()).isEqualTo(409);
    assertThat(servers.methodsAsked()).doesNotContain("DELETE " + CONTAINER);
  }

  @Test
  void anEmptyContainerIsDeleted() {
    accountExists();
    servers.answer("HEAD", CONTAINER, 204, "", "X-Container-Object-Count", "0");
    servers.answer("DELETE", CONTAINER, 204);
    assertThat(ask("DELETE", "").status()).isEqualTo(204);
  }

  @Test
  void aChangeForgetsWhatWasKnown() {
    accountExists();
    servers.answer("HEAD", CONTAINER, 204, "", "X-Container-Read", "before");
    servers.answer("HEAD", CONTAINER, 204, "", "X-Container-Read", "after");
    servers.answer("POST", CONTAINER, 204);
    assertThat(api.cache.containerInfo("AUTH_a", "c").readAcl()).isEqualTo("before");
    assertThat(api.cache.containerInfo("AUTH_a", "c").readAcl()).isEqualTo("before");
    ask("POST", "");
    assertThat(api.cache.containerInfo("AUTH_a", "c").readAcl()).isEqualTo("after");
  }

  private RequestContext request(String method, String query, String... headers) {
    RequestContext request = Requests.of(method, "/v1/AUTH_a/c" + query, headers);
    request.route(ObjectPath.container("AUTH_a", "c"));
    return request;
  }

  private Response ask(String method, String query, String... headers) {
    RequestContext request = request(method, query, headers);
    request.authorize(null);
    return ask(request);
  }

  private Response ask(RequestContext request) {
    try {
      return controller.handle(request);
    } catch (ApiException e) {
      return ErrorResponses.of(e);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }
}
