package org.martlet.containerserver.listing;

/// The key of digests: the same on every server of a cluster, and secret, so that nobody can choose
/// names whose hashes cancel each other out.
public final class DigestKey {
  private final byte[] bytes;

  public DigestKey(byte[] bytes) {
    this.bytes = bytes.clone();
  }

  byte[] bytes() {
    return bytes.clone();
  }

  @Override
  public String toString() {
    return "a digest key";
  }
}
