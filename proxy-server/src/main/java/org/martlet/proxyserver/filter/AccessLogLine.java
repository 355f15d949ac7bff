package org.martlet.proxyserver.filter;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.martlet.common.http.Headers;
import org.martlet.common.http.PercentCoding;
import org.martlet.proxyserver.api.Identity;
import org.martlet.proxyserver.api.RequestContext;

/// One request's line: Swift's fields in Swift's order, separated by spaces, percent-encoded, `-`
/// for what is empty.
final class AccessLogLine {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("dd/MMM/yyyy/HH/mm/ss", Locale.ROOT).withZone(ZoneOffset.UTC);

  private static final String PRINTABLE = "!\"#$%&'()*+,/:;<=>?@[\\]^`{|}";

  private final RequestContext request;
  private final int revealedTokenChars;

  AccessLogLine(RequestContext request, int revealedTokenChars) {
    this.request = request;
    this.revealedTokenChars = revealedTokenChars;
  }

  String write(int status, long sent, Instant end) {
    Headers headers = request.headers();
    StringBuilder line = new StringBuilder(320);
    String remote = request.client().getAddress() == null ? "" : address();
    field(line, client(headers, remote));
    field(line, remote);
    field(line, TIME.format(end));
    field(line, request.method());
    // The target is percent-encoded already.
    line.append(visible(request.target())).append(' ');
    field(line, "HTTP/1.1");
    field(line, Integer.toString(status));
    field(line, headers.get("Referer"));
    field(line, headers.get("User-Agent"));
    field(line, token(headers));
    field(line, count(request.bytesReceived()));
    field(line, count(sent));
    field(line, headers.get("ETag"));
    field(line, request.transactionId());
    field(line, null);
    field(line, decimal(Duration.between(request.start(), end), 4));
    field(line, null);
    field(line, null);
    field(line, decimal(sinceEpoch(request.start()), 9));
    field(line, decimal(sinceEpoch(end), 9));
    field(line, request.policy().map(index -> Integer.toString(index)).orElse(null));
    field(line, request.identity().map(Identity::user).orElse(null));
    line.setLength(line.length() - 1);
    return line.toString();
  }

  private String address() {
    return request.client().getAddress().getHostAddress();
  }

  private static String client(Headers headers, String remote) {
    String cluster = headers.get("X-Cluster-Client-Ip");
    if (cluster != null && !cluster.isBlank()) {
      return cluster.strip();
    }
    String forwarded = headers.get("X-Forwarded-For");
    if (forwarded == null || forwarded.isBlank()) {
      return remote;
    }
    int comma = forwarded.indexOf(',');
    return (comma < 0 ? forwarded : forwarded.substring(0, comma)).strip();
  }

  private @Nullable String token(Headers headers) {
    String token = headers.get("X-Auth-Token");
    if (token == null) {
      token = headers.get("X-Storage-Token");
    }
    if (token == null || token.isEmpty()) {
      return null;
    }
    return token.substring(0, Math.min(revealedTokenChars, token.length() / 2)) + "...";
  }

  private static @Nullable String count(long bytes) {
    return bytes == 0 ? null : Long.toString(bytes);
  }

  private static Duration sinceEpoch(Instant instant) {
    return Duration.between(Instant.EPOCH, instant);
  }

  /// Seconds with a number of decimals, cut.
  private static String decimal(Duration duration, int decimals) {
    long nanos = Math.max(0, duration.getNano());
    String fraction = Long.toString(1_000_000_000L + nanos).substring(1, 1 + decimals);
    return Math.max(0, duration.getSeconds()) + "." + fraction;
  }

  private static void field(StringBuilder line, @Nullable String value) {
    if (value == null || value.isEmpty()) {
      line.append("- ");
    } else {
      line.append(PercentCoding.encodeLatin1(value, "/:,;=()")).append(' ');
    }
  }

  /// A target with whatever is not printable ASCII encoded.
  private static String visible(String target) {
    for (int i = 0; i < target.length(); i++) {
      char c = target.charAt(i);
      if (c <= ' ' || c >= 0x7f) {
        return PercentCoding.encodeLatin1(target, PRINTABLE);
      }
    }
    return target;
  }
}
