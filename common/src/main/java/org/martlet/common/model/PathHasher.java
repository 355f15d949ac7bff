package org.martlet.common.model;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/// Hashes paths with a cluster's prefix and suffix, as Swift does: `MD5(prefix + path + suffix)`.
///
/// - Shape: prefix and suffix are Latin-1 bytes, the path is UTF-8. They may never change in the
/// life of a
///   cluster: every key depends on them.
/// - Threads: any.
public final class PathHasher {
  private final byte[] prefix;
  private final byte[] suffix;

  /// @throws IllegalArgumentException if both are empty: then anybody could choose names that fall
  /// into one partition
  public PathHasher(String prefix, String suffix) {
    if (prefix.isEmpty() && suffix.isEmpty()) {
      throw new IllegalArgumentException("hash prefix and suffix are both empty: set at least one");
    }
    this.prefix = prefix.getBytes(StandardCharsets.ISO_8859_1);
    this.suffix = suffix.getBytes(StandardCharsets.ISO_8859_1);
  }

  public ObjectHash hash(ObjectPath path) {
    MessageDigest md5 = md5();
    md5.update(prefix);
    md5.update(path.toString().getBytes(StandardCharsets.UTF_8));
    md5.update(suffix);
    return ObjectHash.of(md5.digest());
  }

  private static MessageDigest md5() {
    try {
      return MessageDigest.getInstance("MD5");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has MD5", e);
    }
  }
}
