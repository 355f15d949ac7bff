package org.martlet.common.protocol;

/// How the objects of a container are kept; each policy has an object ring of its own.
///
/// @param index 0 or more; the ring file is `object.ring.gz` for 0, else `object-<index>.ring.gz`
/// @param name what clients write in `X-Storage-Policy`; compared without case
/// @param isDefault for containers that name none; exactly one policy is
/// @param deprecated no new containers may use it
public record StoragePolicy(int index, String name, boolean isDefault, boolean deprecated) {
  public StoragePolicy {
    if (index < 0) {
      throw new IllegalArgumentException("a policy index is negative: " + index);
    }
    if (name.isEmpty() || !name.chars().allMatch(StoragePolicy::nameCharacter)) {
      throw new IllegalArgumentException(
          "a policy name has letters, digits and dashes only: " + name);
    }
    if (isDefault && deprecated) {
      throw new IllegalArgumentException("policy " + name + " is both default and deprecated");
    }
  }

  private static boolean nameCharacter(int c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-';
  }

  /// The base name of this policy's ring file.
  public String ringName() {
    return index == 0 ? "object" : "object-" + index;
  }
}
