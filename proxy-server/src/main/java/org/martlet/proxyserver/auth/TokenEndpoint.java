package org.martlet.proxyserver.auth;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.martlet.common.http.Headers;
import org.martlet.common.http.PercentCoding;
import org.martlet.common.http.Response;
import org.martlet.proxyserver.api.ApiException;
import org.martlet.proxyserver.api.RequestContext;

/// Gives out tokens for users and keys: `GET /auth/v1.0`, `/auth/auth` and
/// `/auth/v1/<account>/auth`.
final class TokenEndpoint {
  private static final Pattern HOST = Pattern.compile("[A-Za-z0-9._~\\-\\[\\]:]{1,300}");

  /// Stands in for the key of a user that does not exist, so that the answer takes as long.
  private static final byte[] NO_KEY = new byte[32];

  private final TempAuthConfig config;
  private final Tokens tokens;
  private final InstantSource clock;
  private final List<String> accountPrefixes;
  private final Map<String, TempAuthUser> users;
  private final LongAdder refused = new LongAdder();

  TokenEndpoint(TempAuthConfig config, Tokens tokens, InstantSource clock) {
    this.config = config;
    this.tokens = tokens;
    this.clock = clock;
    this.accountPrefixes =
        config.resellerPrefixes().stream().map(TempAuthConfig::accountPrefix).toList();
    this.users =
        config.users().stream()
            .collect(Collectors.toUnmodifiableMap(TempAuthUser::login, Function.identity()));
  }

  /// Requests with a wrong user or key since the start.
  long refused() {
    return refused.sum();
  }

  boolean isFor(RequestContext request) {
    return request.rawPath().startsWith(config.authPrefix());
  }

  Response handle(RequestContext request) {
    String path = request.rawPath().substring(config.authPrefix().length());
    List<String> parts = List.of(path.split("/", -1));
    if (parts.size() == 3 && parts.get(0).equals("v1") && parts.get(2).equals("auth")) {
      checkMethod(request);
      String account =
          PercentCoding.decodeName(parts.get(1)).orElseThrow(() -> new ApiException(404));
      return token(request, account, login(request, account));
    }
    if (parts.size() == 1 && (parts.get(0).equals("v1.0") || parts.get(0).equals("auth"))) {
      checkMethod(request);
      return token(request, "unknown", given(request, "X-Auth-User", "X-Storage-User"));
    }
    throw new ApiException(path.isEmpty() ? 404 : 400);
  }

  private static void checkMethod(RequestContext request) {
    if (!request.method().equals("GET")) {
      throw new ApiException(405, null, Headers.of("Allow", "GET"));
    }
  }

  /// `account:user` where the URL names the account: the user may be given with or without it.
  private static @Nullable String login(RequestContext request, String account) {
    String storageUser = decoded(request, "X-Storage-User");
    if (storageUser != null) {
      return account + ":" + storageUser;
    }
    String login = decoded(request, "X-Auth-User");
    return login != null && login.startsWith(account + ":") ? login : null;
  }

  private static @Nullable String given(RequestContext request, String first, String second) {
    String value = decoded(request, first);
    return value == null ? decoded(request, second) : value;
  }

  /// A header's percent-decoded UTF-8; null if it is absent, empty or no text.
  private static @Nullable String decoded(RequestContext request, String name) {
    String value = request.headers().get(name);
    return value == null
        ? null
        : PercentCoding.decodeName(value).filter(text -> !text.isEmpty()).orElse(null);
  }

  private Response token(RequestContext request, String realm, @Nullable String login) {
    String key = given(request, "X-Auth-Key", "X-Storage-Pass");
    TempAuthUser user = login == null ? null : users.get(login);
    byte[] wanted = user == null ? NO_KEY : user.key().getBytes(StandardCharsets.UTF_8);
    byte[] given = key == null ? new byte[0] : key.getBytes(StandardCharsets.UTF_8);
    boolean same = MessageDigest.isEqual(wanted, given);
    if (user == null || !same) {
      refused.increment();
      throw RequestContext.unauthorized(realm);
    }
    Instant now = clock.instant();
    Instant expiry = now.plus(config.tokenLife());
    String token = tokens.issue(TempAuth.identity(user, accountPrefixes), expiry);
    Headers headers =
        Headers.of(
            "Content-Type",
            "text/html; charset=UTF-8",
            "X-Auth-Token",
            token,
            "X-Storage-Token",
            token,
            "X-Auth-Token-Expires",
            Long.toString(Duration.between(now, expiry).toSeconds()),
            "X-Storage-Url",
            storageUrl(request, user));
    return Response.empty(200, headers);
  }

  private String storageUrl(RequestContext request, TempAuthUser user) {
    String host = request.headers().getOr("Host", "");
    String scheme =
        config.storageUrlScheme().equals("default") ? "http" : config.storageUrlScheme();
    if (!HOST.matcher(host).matches()) {
      throw ApiException.badRequest("Host header missing or invalid");
    }
    String hostUrl = scheme + "://" + host;
    if (user.url().isEmpty()) {
      return hostUrl
          + "/v1/"
          + PercentCoding.encodePath(accountPrefixes.getFirst() + user.account());
    }
    return user.url().replace("$HOST", hostUrl);
  }
}
