package org.martlet.common.protocol;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import org.martlet.common.http.Headers;
import org.martlet.common.http.Refused;
import org.martlet.common.http.Request;
import org.martlet.common.http.ServerRequest;

/// Signs requests between servers with the cluster's secret, and checks such signatures.
///
/// - Shape: `HMAC-SHA256(secret, version \n method \n target \n date \n length)` in hexadecimal;
///   target is path and query as on the wire, length the decimal body length or `chunked`.
/// - Window: a date more than five minutes away from this server's clock is refused; a signature
///   can be replayed within it, which repeats a change that is idempotent.
/// - Threads: any.
public final class BackendSignature {
  /// The protocol version of this code.
  public static final int VERSION = 1;

  /// How far apart the clocks of two servers may be.
  public static final Duration WINDOW = Duration.ofMinutes(5);

  /// The shortest secret that is taken, in bytes.
  public static final int MIN_SECRET_BYTES = 16;

  private final @Nullable SecretKeySpec key;
  private final InstantSource clock;

  private BackendSignature(@Nullable SecretKeySpec key, InstantSource clock) {
    this.key = key;
    this.clock = clock;
  }

  /// @throws IllegalArgumentException if the secret is shorter than [#MIN_SECRET_BYTES]
  public static BackendSignature with(byte[] secret, InstantSource clock) {
    if (secret.length < MIN_SECRET_BYTES) {
      throw new IllegalArgumentException(
          "the cluster secret has fewer than " + MIN_SECRET_BYTES + " bytes");
    }
    return new BackendSignature(new SecretKeySpec(secret, "HmacSHA256"), clock);
  }

  /// Signs nothing and accepts everything: for experiments on a network that is trusted.
  public static BackendSignature none(InstantSource clock) {
    return new BackendSignature(null, clock);
  }

  /// Adds version, date and signature to a request's headers.
  ///
  /// @param length the body's length, -1 if chunked
  public void sign(String method, String target, long length, Headers headers) {
    headers.set(BackendHeaders.VERSION, VERSION);
    if (key == null) {
      return;
    }
    String date = Long.toString(clock.instant().getEpochSecond());
    headers.set(BackendHeaders.DATE, date);
    headers.set(
        BackendHeaders.SIGNATURE,
        HexFormat.of()
            .formatHex(mac(key, Integer.toString(VERSION), method, target, date, length)));
  }

  /// Ends the handling of a request that is not genuine.
  ///
  /// @throws Refused with status 401 and the reason
  public void check(ServerRequest server) {
    Request request = server.request();
    String refusal =
        refusal(request.method(), request.target(), server.declaredLength(), request.headers());
    if (refusal != null) {
      throw new Refused(401, refusal);
    }
  }

  /// Null if the request is genuine, else why it is refused, in words for the answer's body.
  public @Nullable String refusal(String method, String target, long length, Headers headers) {
    if (key == null) {
      return null;
    }
    String version = headers.get(BackendHeaders.VERSION);
    String date = headers.get(BackendHeaders.DATE);
    String signature = headers.get(BackendHeaders.SIGNATURE);
    if (version == null || date == null || signature == null) {
      return "the request is not signed; is backend_auth the same on all servers?";
    }
    if (!genuine(key, version, method, target, date, length, signature)) {
      return "the signature is wrong; do all servers have the same cluster secret?";
    }
    return timely(date) ? null : "the date is more than 5 minutes away from this server's clock";
  }

  private static boolean genuine(
      SecretKeySpec key,
      String version,
      String method,
      String target,
      String date,
      long length,
      String signature) {
    byte[] wanted = mac(key, version, method, target, date, length);
    byte[] given;
    try {
      given = HexFormat.of().parseHex(signature);
    } catch (IllegalArgumentException e) {
      return false;
    }
    return MessageDigest.isEqual(wanted, given);
  }

  private boolean timely(String date) {
    long then;
    try {
      then = Long.parseLong(date);
    } catch (NumberFormatException e) {
      return false;
    }
    long apart = clock.instant().getEpochSecond() - then;
    return apart <= WINDOW.toSeconds() && apart >= -WINDOW.toSeconds();
  }

  private static byte[] mac(
      SecretKeySpec key, String version, String method, String target, String date, long length) {
    String signed =
        String.join(
            "\n", version, method, target, date, length < 0 ? "chunked" : Long.toString(length));
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(key);
      return mac.doFinal(signed.getBytes(StandardCharsets.UTF_8));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has HmacSHA256", e);
    }
  }
}
