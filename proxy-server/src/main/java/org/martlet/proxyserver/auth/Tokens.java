package org.martlet.proxyserver.auth;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.martlet.proxyserver.api.Identity;

/// Makes tokens that carry who they were given to, and recognises them without asking anybody.
///
/// - Shape: the prefix, then in URL-safe Base64 without padding: version (1 byte), expiry (8 bytes,
///   seconds since the epoch, big-endian), user and groups in UTF-8 with a line feed between, and
///   HMAC-SHA256 over all that (32 bytes).
/// - Limits: a token cannot be taken back before it expires, except by a new cluster secret, which
///   takes back all.
/// - Threads: any.
public final class Tokens {
  private static final byte VERSION = 1;
  private static final int HEAD = 9;
  private static final int MAC = 32;

  /// Longer texts are no tokens of ours: nothing is computed for them.
  private static final int MAX_LENGTH = 4096;

  private final String prefix;
  private final SecretKeySpec key;

  /// @param prefix what tokens begin with, e.g. `AUTH_tk`
  /// @param clusterSecret the same on every proxy of the cluster
  public Tokens(String prefix, byte[] clusterSecret) {
    this.prefix = prefix;
    this.key =
        new SecretKeySpec(
            hmac(
                new SecretKeySpec(clusterSecret, "HmacSHA256"),
                ByteBuffer.wrap("martlet tempauth tokens".getBytes(StandardCharsets.UTF_8))),
            "HmacSHA256");
  }

  /// Whether a text claims to be a token of ours.
  public boolean isOurs(String token) {
    return token.startsWith(prefix);
  }

  /// A token for a user until a moment.
  public String issue(Identity identity, Instant expiry) {
    byte[] who =
        (identity.user() + "\n" + String.join("\n", identity.groups()))
            .getBytes(StandardCharsets.UTF_8);
    ByteBuffer token = ByteBuffer.allocate(HEAD + who.length + MAC);
    token.put(VERSION).putLong(expiry.getEpochSecond()).put(who);
    token.put(hmac(key, token.duplicate().flip()));
    return prefix + Base64.getUrlEncoder().withoutPadding().encodeToString(token.array());
  }

  /// Whose token it is; nothing if it is not genuine or has expired.
  public Optional<Identity> identify(String token, Instant now) {
    if (!isOurs(token) || token.length() > MAX_LENGTH) {
      return Optional.empty();
    }
    byte[] bytes;
    try {
      bytes = Base64.getUrlDecoder().decode(token.substring(prefix.length()));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
    if (bytes.length < HEAD + MAC || bytes[0] != VERSION) {
      return Optional.empty();
    }
    int signed = bytes.length - MAC;
    byte[] mac = hmac(key, ByteBuffer.wrap(bytes, 0, signed));
    if (!MessageDigest.isEqual(mac, Arrays.copyOfRange(bytes, signed, bytes.length))) {
      return Optional.empty();
    }
    long expiry = ByteBuffer.wrap(bytes, 1, Long.BYTES).getLong();
    if (now.getEpochSecond() >= expiry) {
      return Optional.empty();
    }
    String who = new String(bytes, HEAD, signed - HEAD, StandardCharsets.UTF_8);
    List<String> parts = List.of(who.split("\n", -1));
    return Optional.of(new Identity(parts.getFirst(), Set.copyOf(parts.subList(1, parts.size()))));
  }

  private static byte[] hmac(SecretKeySpec key, ByteBuffer message) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(key);
      mac.update(message);
      return mac.doFinal();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has HmacSHA256", e);
    }
  }
}
