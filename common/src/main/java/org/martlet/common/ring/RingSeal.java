package org.martlet.common.ring;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/// Seals ring files with the cluster's secret, so that a server can tell what it was meant to get
/// from what is damaged, forged, or another ring's.
///
/// - Shape of a seal: one line, `martlet-ring-1 <name> <version> <sha256> <mac>`: the ring's name
///   without `.ring.gz`, its version, the SHA-256 of the file, and HMAC-SHA256 of the words before
///   it, both in hexadecimal. Without a secret the last word is `-`.
/// - Threads: any.
public final class RingSeal {
  private static final String FORMAT = "martlet-ring-1";
  private static final String UNSEALED = "-";
  private static final int WORDS = 5;
  private static final int MAX_CHARS = 512;

  private final @Nullable SecretKeySpec key;

  private RingSeal(@Nullable SecretKeySpec key) {
    this.key = key;
  }

  public static RingSeal with(byte[] secret) {
    return new RingSeal(new SecretKeySpec(secret, "HmacSHA256"));
  }

  /// Proves nothing and believes everything: for experiments on a network that is trusted.
  public static RingSeal none() {
    return new RingSeal(null);
  }

  /// What a seal says of a file.
  ///
  /// @param name of the ring, without `.ring.gz`
  /// @param version of the ring
  /// @param sha256 of the file's bytes, 64 hexadecimal digits
  public record Sealed(String name, long version, String sha256) {
    /// Of a file's bytes.
    public static Sealed of(String name, long version, byte[] file) {
      return new Sealed(name, version, HexFormat.of().formatHex(digest(file)));
    }

    /// Whether these are the bytes that were sealed.
    public boolean isOf(byte[] file) {
      byte[] actual = sha256.getBytes(StandardCharsets.US_ASCII);
      byte[] given = HexFormat.of().formatHex(digest(file)).getBytes(StandardCharsets.US_ASCII);
      return MessageDigest.isEqual(actual, given);
    }

    private String words() {
      return FORMAT + " " + name + " " + version + " " + sha256;
    }
  }

  /// The line, without an end of line.
  public String write(Sealed sealed) {
    return sealed.words() + " " + (key == null ? UNSEALED : mac(key, sealed.words()));
  }

  /// Reads a seal that somebody else wrote.
  ///
  /// @throws IllegalArgumentException if it is none, or not one of this cluster; the message is for
  ///     the sender
  public Sealed read(String line) {
    String[] words = line.length() > MAX_CHARS ? new String[0] : line.strip().split(" ", -1);
    if (words.length != WORDS || !words[0].equals(FORMAT)) {
      throw new IllegalArgumentException("the seal is not of the form " + FORMAT);
    }
    Sealed sealed = new Sealed(words[1], version(words[2]), words[3]);
    if (key != null) {
      byte[] wanted = mac(key, sealed.words()).getBytes(StandardCharsets.US_ASCII);
      if (!MessageDigest.isEqual(wanted, words[4].getBytes(StandardCharsets.US_ASCII))) {
        throw new IllegalArgumentException(
            "the seal is not of this cluster's secret, or the ring is another one than was sealed");
      }
    }
    return sealed;
  }

  private static long version(String digits) {
    try {
      long version = Long.parseLong(digits);
      if (version >= 0 && Long.toString(version).equals(digits)) {
        return version;
      }
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("the seal's version is no number", e);
    }
    throw new IllegalArgumentException("the seal's version is no number");
  }

  private static String mac(SecretKeySpec key, String words) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(key);
      return HexFormat.of().formatHex(mac.doFinal(words.getBytes(StandardCharsets.UTF_8)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has HmacSHA256", e);
    }
  }

  private static byte[] digest(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
