package org.martlet.proxyserver.api;

import java.util.List;
import java.util.Optional;
import org.martlet.common.http.PercentCoding;

/// What part of a listing is asked for, checked and put into the form that servers take.
final class ListingQuery {
  private static final List<String> TEXTS =
      List.of("marker", "end_marker", "prefix", "delimiter", "path");

  private ListingQuery() {}

  /// A query for the servers: JSON, with a limit.
  ///
  /// @param max the largest limit, and the one that is meant where there is none
  /// @throws ApiException 412 for a larger limit, 400 for a parameter that is not UTF-8
  static String forServers(QueryParameters query, int max) {
    StringBuilder out = new StringBuilder("format=json&limit=").append(limit(query, max));
    for (String name : TEXTS) {
      // An empty path asks for what is directly at the top; other parameters mean nothing if empty.
      query
          .get(name)
          .filter(value -> !value.isEmpty() || name.equals("path"))
          .ifPresent(
              value ->
                  out.append('&').append(name).append('=').append(PercentCoding.encode(value)));
    }
    if (query.isTrue("reverse")) {
      out.append("&reverse=true");
    }
    return out.toString();
  }

  private static long limit(QueryParameters query, int max) {
    Optional<String> given = query.get("limit");
    if (given.isEmpty() || given.get().isEmpty() || !isDigits(given.get())) {
      return max;
    }
    long limit = given.get().length() > 18 ? Long.MAX_VALUE : Long.parseLong(given.get());
    if (limit > max) {
      throw new ApiException(412, "Maximum limit is " + max);
    }
    return limit;
  }

  private static boolean isDigits(String text) {
    return text.chars().allMatch(c -> c >= '0' && c <= '9');
  }
}
