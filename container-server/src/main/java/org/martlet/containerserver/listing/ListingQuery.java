package org.martlet.containerserver.listing;

import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/// Which rows of a listing are wanted, in Swift's terms.
///
/// - Order: bytes of the names in UTF-8, ascending, or descending if `reverse`.
/// - Both markers are exclusive. In reverse, `marker` is the upper and `endMarker` the lower end.
/// - Delimiter: a row whose name holds it after the prefix is replaced by a pseudo-directory that
///   ends with it, once; one that equals the lower marker is left out, because the page before
///   ended with it.
/// - Path: the rows directly within a pseudo-directory, without entries for those below it.
///
/// @param limit at most so many entries, 0 or more
/// @param marker empty for none
/// @param endMarker empty for none
/// @param prefix empty for none
/// @param delimiter any number of characters; empty for none
/// @param path null for none; it overrides prefix and delimiter
/// @param reserved whether names that begin with NUL are shown
/// @param policy only rows of this storage policy; all if empty
public record ListingQuery(
    int limit,
    String marker,
    String endMarker,
    String prefix,
    String delimiter,
    @Nullable String path,
    boolean reverse,
    boolean reserved,
    OptionalInt policy) {
  public ListingQuery {
    if (limit < 0) {
      throw new IllegalArgumentException("a limit is negative: " + limit);
    }
  }

  /// The first rows of a listing, in all policies.
  public static ListingQuery first(int limit) {
    return new ListingQuery(limit, "", "", "", "", null, false, false, OptionalInt.empty());
  }

  /// With a policy where none was asked for.
  ListingQuery orPolicy(int otherwise) {
    return policy.isPresent()
        ? this
        : new ListingQuery(
            limit,
            marker,
            endMarker,
            prefix,
            delimiter,
            path,
            reverse,
            reserved,
            OptionalInt.of(otherwise));
  }

  /// The prefix of all rows that matter: the path as a directory, or the prefix.
  String effectivePrefix() {
    if (path == null) {
      return prefix;
    }
    int end = path.length();
    while (end > 0 && path.charAt(end - 1) == '/') {
      end--;
    }
    return path.isEmpty() ? "" : path.substring(0, end) + "/";
  }

  String effectiveDelimiter() {
    return path == null ? delimiter : "/";
  }

  String lowerMarker() {
    return reverse ? endMarker : marker;
  }

  String upperMarker() {
    return reverse ? marker : endMarker;
  }
}
