package org.martlet.proxyserver.api;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.martlet.common.http.Headers;
import org.martlet.common.http.Response;
import org.martlet.common.model.ObjectPath;
import org.martlet.common.model.Timestamp;
import org.martlet.common.protocol.BackendHeaders;
import org.martlet.common.protocol.StoragePolicies;
import org.martlet.common.protocol.StoragePolicy;

/// Answers requests to containers.
public final class ContainerController implements Controller {
  private static final Set<String> METHODS = Set.of("GET", "HEAD", "PUT", "POST", "DELETE");
  /// How often a change is sent at most, to outbid clocks that run ahead.
  private static final int MAX_ROUNDS = 3;

  private static final Set<String> READING = Set.of("GET", "HEAD");
  private static final List<String> CLOCKS =
      List.of("X-Backend-PUT-Timestamp", "X-Backend-DELETE-Timestamp");
  private static final List<String> VERSIONING =
      List.of("X-Versions-Location", "X-History-Location", "X-Versions-Enabled");

  private final ListingServers servers;
  private final Accounts accounts;
  private final InfoCache cache;
  private final ListingAnswers listings;
  private final StoragePolicies policies;
  private final Constraints constraints;
  private final AclCleaner aclCleaner;

  public ContainerController(
      ListingServers servers,
      Accounts accounts,
      InfoCache cache,
      ListingAnswers listings,
      StoragePolicies policies,
      Constraints constraints,
      AclCleaner aclCleaner) {
    this.servers = servers;
    this.accounts = accounts;
    this.cache = cache;
    this.listings = listings;
    this.policies = policies;
    this.constraints = constraints;
    this.aclCleaner = aclCleaner;
  }

  /// Brings an ACL into the form that is stored.
  @FunctionalInterface
  public interface AclCleaner {
    /// @throws IllegalArgumentException with a text for the client if it means nothing
    String clean(String acl, boolean forWriting);
  }

  @Override
  public Set<String> methods() {
    return METHODS;
  }

  @Override
  public Set<String> authorizesItself() {
    return READING;
  }

  @Override
  public Response handle(RequestContext request) throws IOException, InterruptedException {
    return switch (request.method()) {
      case "PUT" -> put(request);
      case "POST" -> post(request);
      case "DELETE" -> delete(request);
      default -> read(request);
    };
  }

  private Response read(RequestContext request) throws IOException, InterruptedException {
    ListingFormat format = ListingFormat.of(request);
    String query = ListingQuery.forServers(request.query(), constraints.containerListingLimit());
    if (!cache.accountInfo(request.path().account()).exists()) {
      request.authorize(null);
      throw new ApiException(404);
    }
    boolean head = request.method().equals("HEAD");
    ListingServers.Ask ask =
        new ListingServers.Ask(
            request.method(),
            request.path(),
            head ? "" : query,
            new Headers(),
            request.transactionId());
    Response answer = servers.read(ask, RequestFlags.isTrue(request.headers(), "X-Newest"));
    try {
      request.authorize(answer.headers().get("X-Container-Read"));
    } catch (ApiException denial) {
      answer.body().close();
      throw denial;
    }
    if (!answer.isSuccess()) {
      answer.body().close();
      return ErrorResponses.of(answer.status());
    }
    return listings.container(request, format, answer);
  }

  private Response put(RequestContext request) throws InterruptedException {
    checkChange(request);
    Headers headers = headers(request);
    Optional<StoragePolicy> policy = policy(request);
    accounts.require(request, true);
    policy.ifPresentOrElse(
        chosen -> headers.set(BackendHeaders.POLICY_INDEX, chosen.index()),
        () -> headers.set(BackendHeaders.POLICY_DEFAULT, policies.byDefault().index()));
    return change(request, headers);
  }

  private Response post(RequestContext request) throws InterruptedException {
    checkChange(request);
    Headers headers = headers(request);
    accounts.require(request, false);
    return change(request, headers);
  }

  /// Asks all replicas first: what one of them still lists must not be lost.
  private Response delete(RequestContext request) throws InterruptedException {
    accounts.require(request, false);
    List<Response> heads = servers.readAll(ListingServers.Ask.of(request, "HEAD", new Headers()));
    for (Response head : heads) {
      if (head.isSuccess() && ContainerInfo.of(head.headers()).objects() > 0) {
        throw new ApiException(409);
      }
    }
    return change(request, new Headers());
  }

  private void checkChange(RequestContext request) {
    Headers headers = request.headers();
    cleanAcl(headers, "X-Container-Read", false);
    cleanAcl(headers, "X-Container-Write", true);
    constraints.checkMetadata(Constraints.Target.CONTAINER, headers);
    for (String name : VERSIONING) {
      String value = headers.getOr(name, "");
      if (!value.isEmpty() && !value.equalsIgnoreCase("false")) {
        throw new ApiException(412, "Versioned Writes is disabled");
      }
    }
  }

  private void cleanAcl(Headers headers, String name, boolean forWriting) {
    String acl = headers.get(name);
    if (acl == null) {
      return;
    }
    try {
      headers.set(name, aclCleaner.clean(acl, forWriting));
    } catch (IllegalArgumentException e) {
      throw ApiException.badRequest(String.valueOf(e.getMessage()));
    }
  }

  private static Headers headers(RequestContext request) {
    OwnerHeaders.hide(request, request.headers());
    return MetadataTransfer.of(Constraints.Target.CONTAINER, request.headers());
  }

  /// The policy that the request names.
  private Optional<StoragePolicy> policy(RequestContext request) {
    String name = request.headers().getOr("X-Storage-Policy", "");
    if (name.isEmpty()) {
      return Optional.empty();
    }
    StoragePolicy policy =
        policies
            .find(name)
            .orElseThrow(() -> ApiException.badRequest("Invalid X-Storage-Policy '" + name + "'"));
    if (policy.deprecated()) {
      throw ApiException.badRequest("Storage Policy '" + policy.name() + "' is deprecated");
    }
    return Optional.of(policy);
  }

  /// Sends a change. If servers hold a later clock (another proxy's runs ahead), it is sent again
  /// with one that is later still: what the client does last counts.
  private Response change(RequestContext request, Headers headers) throws InterruptedException {
    ObjectPath path = request.path();
    Timestamp clock = accounts.nextClock();
    Response answer = send(request, headers, clock);
    for (int round = 1; answer.status() == 409 && round < MAX_ROUNDS; round++) {
      Timestamp stored = storedClock(request);
      if (!stored.isAfter(clock)) {
        break;
      }
      clock = accounts.clockAfter(stored);
      answer = send(request, headers, clock);
    }
    cache.forgetContainer(path.account(), String.valueOf(path.container()));
    return answer.isSuccess()
        ? Response.empty(answer.status())
        : ErrorResponses.of(answer.status());
  }

  private Response send(RequestContext request, Headers headers, Timestamp clock)
      throws InterruptedException {
    Headers sent = headers.copy().set(BackendHeaders.TIMESTAMP, clock.internal());
    return servers.change(ListingServers.Ask.of(request, request.method(), sent));
  }

  /// The latest moment at which a server says that the container was made or deleted.
  private Timestamp storedClock(RequestContext request) throws InterruptedException {
    Timestamp newest = Timestamp.ZERO;
    for (Response head : servers.readAll(ListingServers.Ask.of(request, "HEAD", new Headers()))) {
      for (String name : CLOCKS) {
        newest = Timestamp.max(newest, clock(head.headers().get(name)));
      }
    }
    return newest;
  }

  /// A clock that is not there or cannot be read is older than any.
  private static Timestamp clock(@Nullable String text) {
    if (text == null) {
      return Timestamp.ZERO;
    }
    try {
      return Timestamp.parse(text);
    } catch (IllegalArgumentException e) {
      return Timestamp.ZERO;
    }
  }
}
