package org.martlet.proxyserver.api;

import org.martlet.common.http.Headers;
import org.martlet.common.http.Response;
import org.martlet.common.model.ObjectPath;
import org.martlet.common.model.Timestamp;
import org.martlet.common.protocol.BackendHeaders;
import org.martlet.common.protocol.StoragePolicies;
import org.martlet.common.protocol.StoragePolicy;
import org.martlet.common.runtime.TimestampSource;

/// Whether accounts are there, and how they come to be.
///
/// - Threads: any; blocks.
public final class Accounts {
  private final ListingServers servers;
  private final InfoCache cache;
  private final TimestampSource clock;
  private final StoragePolicies policies;
  private final boolean autocreate;

  /// @param autocreate whether the first change to an account creates it
  public Accounts(
      ListingServers servers,
      InfoCache cache,
      TimestampSource clock,
      StoragePolicies policies,
      boolean autocreate) {
    this.servers = servers;
    this.cache = cache;
    this.clock = clock;
    this.policies = policies;
    this.autocreate = autocreate;
  }

  boolean autocreate() {
    return autocreate;
  }

  /// The clock of a change.
  Timestamp nextClock() {
    return clock.next();
  }

  /// A clock for the same change that outbids one which a server holds.
  Timestamp clockAfter(Timestamp stored) {
    return clock.nextAfter(stored);
  }

  /// Whether an answer says that the account was deleted and is not yet reaped.
  static boolean isDeleted(Response answer) {
    return answer.status() == 410
        || answer.headers().getOr("X-Account-Status", "").equalsIgnoreCase("deleted");
  }

  /// What an account that was never created answers: nothing is in it.
  Response pretended(RequestContext request) {
    String now = Timestamp.of(request.start()).normal();
    Headers headers =
        Headers.of(
            "X-Account-Container-Count", "0",
            "X-Account-Object-Count", "0",
            "X-Account-Bytes-Used", "0",
            "X-Timestamp", now,
            "X-Put-Timestamp", now);
    String prefix = "X-Account-Storage-Policy-";
    for (StoragePolicy policy : policies.all()) {
      headers.add(prefix + policy.name() + "-Container-Count", "0");
      headers.add(prefix + policy.name() + "-Object-Count", "0");
      headers.add(prefix + policy.name() + "-Bytes-Used", "0");
    }
    return new Response(
        request.method().equals("HEAD") ? 204 : 200,
        headers,
        ListingAnswers.emptyListing(request.method()));
  }

  /// Makes sure that the account is there, for a change in it.
  ///
  /// @throws ApiException 404 if it is not there and is not created by itself, 503 if it cannot be
  ///     created now
  void require(RequestContext request, boolean createIfMissing) throws InterruptedException {
    AccountInfo info = cache.accountInfo(request.path().account());
    if (info.exists()) {
      return;
    }
    if (!createIfMissing || info.state() == AccountInfo.State.DELETED || !create(request)) {
      throw new ApiException(404);
    }
  }

  /// Creates the account where that is done by itself.
  ///
  /// @return whether it is there now
  boolean create(RequestContext request) throws InterruptedException {
    if (!autocreate) {
      return false;
    }
    String account = request.path().account();
    Headers headers = Headers.of(BackendHeaders.TIMESTAMP, clock.next().internal());
    Response answer =
        servers.change(
            new ListingServers.Ask(
                "PUT", ObjectPath.account(account), "", headers, request.transactionId()));
    cache.forgetAccount(account);
    if (answer.status() >= 500) {
      throw new ApiException(503);
    }
    return answer.isSuccess();
  }

  void forget(String account) {
    cache.forgetAccount(account);
  }
}
