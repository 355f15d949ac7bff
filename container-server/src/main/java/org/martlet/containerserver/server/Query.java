package org.martlet.containerserver.server;

import java.util.Locale;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.martlet.common.http.QueryString;
import org.martlet.common.http.Refused;
import org.martlet.containerserver.listing.ListingQuery;

/// The parameters of a request's query; of one that is repeated the last counts.
final class Query {
  private static final Set<String> TRUE = Set.of("true", "1", "yes", "on", "t", "y");

  private final QueryString values;

  private Query(QueryString values) {
    this.values = values;
  }

  /// @throws Refused 400 if a name or value is not UTF-8
  static Query parse(String raw) {
    QueryString values = QueryString.parse(raw);
    if (!values.malformed().isEmpty()) {
      throw new Refused(400, "Invalid UTF8 in the query");
    }
    return new Query(values);
  }

  @Nullable String get(String name) {
    return values.get(name);
  }

  private String text(String name) {
    return values.getOr(name, "");
  }

  /// What Swift takes for a yes.
  static boolean isTrue(@Nullable String value) {
    return value != null && TRUE.contains(value.toLowerCase(Locale.ROOT));
  }

  /// The listing that is asked for.
  ///
  /// @param maxLimit of entries, also where none is given
  /// @param withPath whether `path` is understood
  /// @throws Refused 412 if the limit is larger
  ListingQuery listing(int maxLimit, boolean withPath, boolean reserved, OptionalInt policy) {
    return new ListingQuery(
        limit(maxLimit),
        text("marker"),
        text("end_marker"),
        text("prefix"),
        text("delimiter"),
        withPath ? values.get("path") : null,
        isTrue(values.get("reverse")),
        reserved,
        policy);
  }

  /// What is not a number is ignored, as in Swift.
  private int limit(int max) {
    String given = text("limit");
    if (given.isEmpty() || !given.chars().allMatch(c -> c >= '0' && c <= '9')) {
      return max;
    }
    int significant = 0;
    while (significant < given.length() - 1 && given.charAt(significant) == '0') {
      significant++;
    }
    String digits = given.substring(significant);
    if (digits.length() > 9 || Integer.parseInt(digits) > max) {
      throw new Refused(412, "Maximum limit is " + max);
    }
    return Integer.parseInt(digits);
  }
}
