package org.martlet.common.protocol;

/// Which of an object's headers are kept with it, and what replaces them.
public enum ObjectHeaderKind {
  /// Stays with the body through a POST.
  DATA,
  /// A POST replaces all of them.
  METADATA,
  /// Not kept, or kept in a form of its own.
  NONE;

  private static final String SYSMETA = "x-object-sysmeta-";
  private static final String META = "x-object-meta-";
  private static final String TRANSIENT = "x-object-transient-sysmeta-";

  /// @param lower a header's name in lower case
  public static ObjectHeaderKind of(String lower) {
    if (lower.startsWith("x-object-")) {
      if (isBelow(lower, META) || isBelow(lower, TRANSIENT)) {
        return METADATA;
      }
      if (isBelow(lower, SYSMETA)) {
        return DATA;
      }
    }
    return switch (lower) {
      case "x-static-large-object" -> DATA;
      case "x-delete-at",
          "x-object-manifest",
          "content-encoding",
          "content-disposition",
          "cache-control",
          "content-language",
          "expires",
          "x-robots-tag" ->
          METADATA;
      default -> NONE;
    };
  }

  private static boolean isBelow(String lower, String prefix) {
    return lower.startsWith(prefix) && lower.length() > prefix.length();
  }
}
