package org.martlet.proxyserver.auth;

import java.io.IOException;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.martlet.common.http.Headers;
import org.martlet.common.http.Response;
import org.martlet.common.model.ObjectPath;
import org.martlet.proxyserver.api.ApiException;
import org.martlet.proxyserver.api.Authorizer;
import org.martlet.proxyserver.api.Identity;
import org.martlet.proxyserver.api.RequestContext;
import org.martlet.proxyserver.filter.Filter;

/// Finds out from its token who sends a request, gives out tokens, and decides by groups and ACLs.
///
/// Rules are those of Swift's tempauth: `.admin` of an account owns it but may not create or delete
/// it; `.reseller_admin` owns all; `.reseller_reader` reads all; others need an ACL.
///
/// - Threads: any.
public final class TempAuth implements Filter, Authorizer {
  static final String RESELLER_ADMIN = ".reseller_admin";
  private static final String RESELLER_READER = ".reseller_reader";
  private static final Set<String> READING = Set.of("GET", "HEAD");

  private final TempAuthConfig config;
  private final Tokens tokens;
  private final InstantSource clock;
  private final TokenEndpoint endpoint;
  private final List<String> accountPrefixes;
  private final LongAdder wrongTokens = new LongAdder();

  public TempAuth(TempAuthConfig config, byte[] clusterSecret, InstantSource clock) {
    this.config = config;
    this.clock = clock;
    this.accountPrefixes =
        config.resellerPrefixes().stream().map(TempAuthConfig::accountPrefix).toList();
    this.tokens = new Tokens(accountPrefixes.getFirst() + "tk", clusterSecret);
    this.endpoint = new TokenEndpoint(config, tokens, clock);
  }

  @Override
  public Response handle(RequestContext request, Next next)
      throws IOException, InterruptedException {
    if (endpoint.isFor(request)) {
      return endpoint.handle(request);
    }
    request.authenticated(identify(request).orElse(null), this);
    return next.handle(request);
  }

  private Optional<Identity> identify(RequestContext request) {
    Headers headers = request.headers();
    String token = headers.get("X-Auth-Token");
    if (token == null) {
      token = headers.get("X-Storage-Token");
    }
    if (token == null || !tokens.isOurs(token)) {
      return Optional.empty();
    }
    Identity identity = tokens.identify(token, clock.instant()).orElseThrow(this::wrongToken);
    return Optional.of(withService(identity, headers.get("X-Service-Token")));
  }

  private ApiException wrongToken() {
    wrongTokens.increment();
    return RequestContext.unauthorized("unknown");
  }

  /// Tokens that were ours by their form, and not valid, since the start.
  public long wrongTokens() {
    return wrongTokens.sum();
  }

  /// Log-ins with a wrong user or key, since the start.
  public long wrongKeys() {
    return endpoint.refused();
  }

  /// Adds the groups of a service that acts for a user.
  private Identity withService(Identity identity, @Nullable String serviceToken) {
    if (serviceToken == null) {
      return identity;
    }
    return tokens
        .identify(serviceToken, clock.instant())
        .map(
            service -> {
              Set<String> groups = new HashSet<>(identity.groups());
              groups.addAll(service.groups());
              return new Identity(identity.user(), groups);
            })
        .orElse(identity);
  }

  @Override
  public Decision decide(
      RequestContext request, String method, ObjectPath path, @Nullable String acl) {
    String account = path.account();
    Optional<String> prefix = prefixOf(account);
    if (prefix.isEmpty()) {
      return Decision.DENIED;
    }
    Set<String> groups = request.identity().map(Identity::groups).orElse(Set.of());
    if (groups.contains(RESELLER_ADMIN)) {
      return Decision.OWNER;
    }
    if (groups.contains(RESELLER_READER) && READING.contains(method)) {
      return Decision.ALLOWED;
    }
    boolean managesAccount =
        path.container() == null && (method.equals("PUT") || method.equals("DELETE"));
    if (groups.contains(account) && !managesAccount && hasRequiredGroup(prefix.get(), groups)) {
      return Decision.OWNER;
    }
    if (method.equals("OPTIONS")) {
      return Decision.ALLOWED;
    }
    return byAcl(request, path, acl, groups);
  }

  private static Decision byAcl(
      RequestContext request, ObjectPath path, @Nullable String text, Set<String> groups) {
    if (path.container() == null || text == null) {
      return Decision.DENIED;
    }
    ContainerAcl acl = ContainerAcl.parse(text);
    if (acl.allowsReferrer(request.headers().get("Referer"))) {
      return path.object() != null || acl.allowsListingByReferrer()
          ? Decision.ALLOWED
          : Decision.DENIED;
    }
    return acl.allowsAnyOf(groups) ? Decision.ALLOWED : Decision.DENIED;
  }

  private boolean hasRequiredGroup(String accountPrefix, Set<String> groups) {
    return config.resellerPrefixes().stream()
        .filter(reseller -> TempAuthConfig.accountPrefix(reseller).equals(accountPrefix))
        .map(config.requiredGroups()::get)
        .allMatch(required -> required == null || groups.contains(required));
  }

  /// The longest prefix of ours that names the account; an account is more than its prefix.
  private Optional<String> prefixOf(String account) {
    return accountPrefixes.stream()
        .filter(prefix -> account.startsWith(prefix) && account.length() > prefix.length())
        .max((a, b) -> Integer.compare(a.length(), b.length()));
  }

  /// The groups that a user of the configuration belongs to.
  static Identity identity(TempAuthUser user, List<String> accountPrefixes) {
    Set<String> groups = new HashSet<>(user.groups());
    groups.add(user.account());
    groups.add(user.login());
    if (groups.remove(".admin")) {
      accountPrefixes.forEach(prefix -> groups.add(prefix + user.account()));
    }
    return new Identity(user.login(), groups);
  }
}
