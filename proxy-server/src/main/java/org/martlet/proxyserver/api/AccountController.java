package org.martlet.proxyserver.api;

import java.io.IOException;
import java.util.Set;
import org.martlet.common.http.Headers;
import org.martlet.common.http.Response;
import org.martlet.common.protocol.BackendHeaders;

/// Answers requests to accounts.
///
/// An account that is not there yet looks like an empty one where accounts are created by
/// themselves; the first change creates it.
public final class AccountController implements Controller {
  private static final Set<String> ALWAYS = Set.of("GET", "HEAD", "POST");
  private static final Set<String> MANAGED = Set.of("GET", "HEAD", "POST", "PUT", "DELETE");

  private final ListingServers servers;
  private final Accounts accounts;
  private final ListingAnswers listings;
  private final Constraints constraints;
  private final boolean managed;

  /// @param managed whether clients may PUT and DELETE accounts
  public AccountController(
      ListingServers servers,
      Accounts accounts,
      ListingAnswers listings,
      Constraints constraints,
      boolean managed) {
    this.servers = servers;
    this.accounts = accounts;
    this.listings = listings;
    this.constraints = constraints;
    this.managed = managed;
  }

  @Override
  public Set<String> methods() {
    return managed ? MANAGED : ALWAYS;
  }

  @Override
  public Set<String> authorizesItself() {
    return Set.of();
  }

  @Override
  public Response handle(RequestContext request) throws IOException, InterruptedException {
    constraints.checkNames(request.path());
    return switch (request.method()) {
      case "PUT" -> put(request);
      case "POST" -> post(request);
      case "DELETE" -> delete(request);
      default -> read(request);
    };
  }

  private Response read(RequestContext request) throws IOException, InterruptedException {
    ListingFormat format = ListingFormat.of(request);
    String query = ListingQuery.forServers(request.query(), constraints.accountListingLimit());
    boolean newest = RequestFlags.isTrue(request.headers(), "X-Newest");
    boolean head = request.method().equals("HEAD");
    ListingServers.Ask ask =
        new ListingServers.Ask(
            request.method(),
            request.path(),
            head ? "" : query,
            new Headers(),
            request.transactionId());
    Response answer = servers.read(ask, newest);
    if (answer.isSuccess()) {
      return listings.account(request, format, answer);
    }
    answer.body().close();
    if (answer.status() != 404 && answer.status() != 410) {
      return ErrorResponses.of(answer.status());
    }
    if (Accounts.isDeleted(answer)) {
      throw new ApiException(410);
    }
    if (!accounts.autocreate()) {
      throw new ApiException(404);
    }
    return listings.account(request, format, accounts.pretended(request));
  }

  private Response put(RequestContext request) throws InterruptedException {
    constraints.checkMetadata(Constraints.Target.ACCOUNT, request.headers());
    return change(request, "PUT");
  }

  private Response post(RequestContext request) throws InterruptedException {
    constraints.checkMetadata(Constraints.Target.ACCOUNT, request.headers());
    Response answer = change(request, "POST");
    if (answer.status() == 404 && accounts.create(request)) {
      answer = change(request, "POST");
    }
    return answer;
  }

  /// A query is refused: it was meant for something else than the whole account.
  private Response delete(RequestContext request) throws InterruptedException {
    if (!request.query().isEmpty()) {
      throw new ApiException(400);
    }
    return change(request, "DELETE");
  }

  private Response change(RequestContext request, String method) throws InterruptedException {
    Headers headers = MetadataTransfer.of(Constraints.Target.ACCOUNT, request.headers());
    headers.set(BackendHeaders.TIMESTAMP, accounts.nextClock().internal());
    Response answer = servers.change(ListingServers.Ask.of(request, method, headers));
    accounts.forget(request.path().account());
    if (answer.status() == 403) {
      return ErrorResponses.of(403, "Recently deleted");
    }
    return answer.isSuccess()
        ? Response.empty(answer.status())
        : ErrorResponses.of(answer.status());
  }
}
