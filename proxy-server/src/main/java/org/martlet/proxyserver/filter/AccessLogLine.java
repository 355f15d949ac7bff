package org.martlet.proxyserver.filter;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.martlet.common.http.Headers;
import org.martlet.common.http.LoggedTarget;
import org.martlet.common.http.PercentCoding;
import org.martlet.common.runtime.LogFields;
import org.martlet.proxyserver.api.Identity;
import org.martlet.proxyserver.api.RequestContext;

/// One request's line: Swift's fields in Swift's order, separated by spaces, percent-encoded, `-`
/// for what is empty.
final class AccessLogLine {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("dd/MMM/yyyy/HH/mm/ss", Locale.ROOT).withZone(ZoneOffset.UTC);

  private final RequestContext request;
  private final int revealedTokenChars;

  AccessLogLine(RequestContext request, int revealedTokenChars) {
    this.request = request;
    this.revealedTokenChars = revealedTokenChars;
  }

  /// The line of a request that has ended.
  LogFields ended(int status, long sent, Instant end) {
    return new Line(this, status, sent, end);
  }

  private record Line(AccessLogLine line, int status, long sent, Instant end) implements LogFields {
    @Override
    public void forEach(BiConsumer<String, Object> field) {
      line.fields(this, field);
    }

    @Override
    public String toString() {
      return line.write(status, sent, end);
    }
  }

  private void fields(Line ended, BiConsumer<String, Object> field) {
    Headers headers = request.headers();
    String remote = request.client().getAddress() == null ? "" : address();
    field.accept("client", client(headers, remote));
    field.accept("remote", remote);
    field.accept("method", request.method());
    field.accept("target", LoggedTarget.of(request.target()));
    field.accept("status", ended.status);
    field.accept("received", request.bytesReceived());
    field.accept("sent", ended.sent);
    field.accept("seconds", Duration.between(request.start(), ended.end).toNanos() / 1e9);
    field.accept("txn", request.transactionId());
    request.policy().ifPresent(policy -> field.accept("policy", policy));
    request.identity().ifPresent(user -> field.accept("user", user.user()));
    optional("agent", headers.get("User-Agent"), field);
    optional("referer", referer(headers), field);
    optional("token", token(headers), field);
  }

  private static void optional(
      String name, @Nullable String value, BiConsumer<String, Object> field) {
    if (value != null) {
      field.accept(name, value);
    }
  }

  private String write(int status, long sent, Instant end) {
    Headers headers = request.headers();
    StringBuilder line = new StringBuilder(320);
    String remote = request.client().getAddress() == null ? "" : address();
    field(line, client(headers, remote));
    field(line, remote);
    field(line, TIME.format(end));
    field(line, request.method());
    line.append(LoggedTarget.of(request.target())).append(' ');
    field(line, "HTTP/1.1");
    field(line, Integer.toString(status));
    field(line, referer(headers));
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

  private static @Nullable String referer(Headers headers) {
    String referer = headers.get("Referer");
    return referer == null ? null : LoggedTarget.of(referer);
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
}
