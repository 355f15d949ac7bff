package org.martlet.proxyserver.api;

import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.martlet.common.http.Body;
import org.martlet.common.http.Headers;
import org.martlet.common.http.HttpFault;
import org.martlet.common.http.PercentCoding;
import org.martlet.common.http.Request;
import org.martlet.common.model.ObjectPath;

/// One client request on its way through filters, router and controller, with what they found out.
///
/// - Invariant: [#headers] holds nothing that only servers may say to each other: the gatekeeper
///   has removed it. [#path] is there once the router has run.
/// - Threads: confined to the request's own (virtual) thread, but for the body.
public final class RequestContext {
  private final Request original;
  private final InetSocketAddress client;
  private final String transactionId;
  private final Instant start;
  private final Headers headers;
  private final ClientBody body;
  private final QueryParameters query;

  private @Nullable ObjectPath path;
  private @Nullable Identity identity;
  /// Until an authentication filter has spoken, nobody may do anything.
  private Authorizer authorizer = (request, method, target, acl) -> Authorizer.Decision.DENIED;
  private boolean owner;
  private @Nullable Integer policy;

  /// @param client the address that the connection came from
  /// @param start when the request was received
  public RequestContext(
      Request original, InetSocketAddress client, String transactionId, Instant start) {
    this.original = original;
    this.client = client;
    this.transactionId = transactionId;
    this.start = start;
    this.headers = original.headers().copy();
    this.body = new ClientBody(original.body());
    this.query = QueryParameters.parse(original.rawQuery());
  }

  public String method() {
    return original.method();
  }

  /// Path and query exactly as they came.
  public String target() {
    return original.target();
  }

  /// The path as it came, still percent-encoded.
  public String rawPath() {
    return original.rawPath();
  }

  public QueryParameters query() {
    return query;
  }

  /// The client's headers; a copy of our own, which filters may change.
  public Headers headers() {
    return headers;
  }

  /// What the client sends; the first pull makes it send where it waits for `100 Continue`.
  public Body body() {
    return body;
  }

  public InetSocketAddress client() {
    return client;
  }

  public String transactionId() {
    return transactionId;
  }

  /// When the request was received.
  public Instant start() {
    return start;
  }

  /// Account, container and object, decoded.
  public ObjectPath path() {
    if (path == null) {
      throw new IllegalStateException("the request is not routed yet");
    }
    return path;
  }

  /// What the router makes of the URL.
  public Optional<ObjectPath> routed() {
    return Optional.ofNullable(path);
  }

  public void route(ObjectPath to) {
    this.path = to;
  }

  /// Who sends this, if a valid token came with it.
  public Optional<Identity> identity() {
    return Optional.ofNullable(identity);
  }

  /// What the authentication filter found out.
  public void authenticated(@Nullable Identity who, Authorizer by) {
    this.identity = who;
    this.authorizer = by;
  }

  /// Asks whether this request may be done; from then on [#isOwner] tells what it may see.
  ///
  /// @param acl the container's read or write ACL; null where there is none
  /// @throws ApiException 401 without a valid token, 403 with one
  public void authorize(@Nullable String acl) {
    owner = authorize(method(), path(), acl);
  }

  /// Asks whether who sends this may do something else, e.g. read the source of a copy.
  ///
  /// @return whether as an owner
  /// @throws ApiException 401 without a valid token, 403 with one
  public boolean authorize(String method, ObjectPath target, @Nullable String acl) {
    return switch (authorizer.decide(this, method, target, acl)) {
      case OWNER -> true;
      case ALLOWED -> false;
      case DENIED -> throw denial(target.account());
    };
  }

  private ApiException denial(String account) {
    if (identity != null) {
      return new ApiException(403);
    }
    return unauthorized(account);
  }

  /// 401 with the challenge that names the realm.
  ///
  /// @param realm an account, or a word where there is none
  public static ApiException unauthorized(String realm) {
    return new ApiException(
        401,
        null,
        Headers.of("Www-Authenticate", "Swift realm=\"" + PercentCoding.encodePath(realm) + "\""));
  }

  /// Whether it was allowed as an owner of the account: sees and sets ACLs and keys.
  public boolean isOwner() {
    return owner;
  }

  /// The storage policy's index that the request turned out to concern, for the access log.
  public Optional<Integer> policy() {
    return Optional.ofNullable(policy);
  }

  public void concerns(int policyIndex) {
    this.policy = policyIndex;
  }

  /// Bytes of the body that came so far.
  public long bytesReceived() {
    return body.received();
  }

  /// Why the client's body broke off, if it did.
  public Optional<HttpFault.Kind> clientFault() {
    return body.fault();
  }
}
