package org.martlet.proxyserver.filter;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import org.martlet.common.http.Body;
import org.martlet.common.http.Headers;
import org.martlet.common.http.Response;
import org.martlet.proxyserver.api.ApiException;
import org.martlet.proxyserver.api.RequestContext;
import tools.jackson.databind.json.JsonMapper;

/// Answers `/info` with what this cluster can do and its limits, as JSON.
///
/// A request signed with the admin key (`swiftinfo_sig`, `swiftinfo_expires`: HMAC-SHA1 of method,
/// expiry and path, as Swift's) sees an admin section as well.
public final class InfoPage implements Filter {
  private static final String PATH = "/info";
  private static final String METHODS = "GET, HEAD, OPTIONS";

  private final Map<String, Object> sections;
  private final boolean exposed;
  private final String adminKey;
  private final InstantSource clock;

  /// @param sections what is shown, by section
  /// @param exposed false: everybody gets 403
  /// @param adminKey empty: nobody sees the admin section
  public InfoPage(
      Map<String, Object> sections, boolean exposed, String adminKey, InstantSource clock) {
    this.sections = new LinkedHashMap<>(sections);
    this.exposed = exposed;
    this.adminKey = adminKey;
    this.clock = clock;
  }

  @Override
  public Response handle(RequestContext request, Next next)
      throws IOException, InterruptedException {
    if (!request.rawPath().equals(PATH)) {
      return next.handle(request);
    }
    return switch (request.method()) {
      case "GET", "HEAD" -> page(request);
      case "OPTIONS" -> Response.empty(200, Headers.of("Allow", METHODS));
      default -> throw new ApiException(405, null, Headers.of("Allow", METHODS));
    };
  }

  private Response page(RequestContext request) {
    if (!exposed) {
      throw new ApiException(403);
    }
    Map<String, Object> shown = new LinkedHashMap<>(sections);
    if (isSignedForAdmin(request)) {
      shown.put("admin", Map.of("disallowed_sections", List.of()));
    }
    return new Response(
        200,
        Headers.of("Content-Type", "application/json; charset=UTF-8"),
        Body.of(JsonMapper.shared().writeValueAsBytes(shown)));
  }

  /// @throws ApiException 401 for a wrong or expired signature, 403 where there is no key
  private boolean isSignedForAdmin(RequestContext request) {
    String signature = request.query().get("swiftinfo_sig").orElse("");
    String expires = request.query().get("swiftinfo_expires").orElse("");
    if (signature.isEmpty() && expires.isEmpty()) {
      return false;
    }
    if (adminKey.isEmpty()) {
      throw new ApiException(403);
    }
    if (!isFuture(expires) || !isGenuine(request.method(), signature, expires)) {
      throw RequestContext.unauthorized("unknown");
    }
    return true;
  }

  private boolean isFuture(String expires) {
    if (expires.isEmpty() || expires.length() > 12) {
      return false;
    }
    return expires.chars().allMatch(c -> c >= '0' && c <= '9')
        && Long.parseLong(expires) >= clock.instant().getEpochSecond();
  }

  /// HEAD may use a signature made for GET.
  private boolean isGenuine(String method, String signature, String expires) {
    Set<String> methods = method.equals("HEAD") ? Set.of("HEAD", "GET") : Set.of(method);
    byte @Nullable [] given = hex(signature);
    if (given == null) {
      return false;
    }
    boolean genuine = false;
    for (String signed : methods) {
      genuine |= MessageDigest.isEqual(given, mac(signed + "\n" + expires + "\n" + PATH));
    }
    return genuine;
  }

  private static byte @Nullable [] hex(String text) {
    try {
      return HexFormat.of().parseHex(text);
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  private byte[] mac(String message) {
    try {
      Mac mac = Mac.getInstance("HmacSHA1");
      mac.init(new SecretKeySpec(adminKey.getBytes(StandardCharsets.UTF_8), "HmacSHA1"));
      return mac.doFinal(message.getBytes(StandardCharsets.UTF_8));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has HmacSHA1", e);
    }
  }
}
