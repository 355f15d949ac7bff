package org.martlet.proxyserver.api;

import java.util.Optional;
import org.martlet.common.http.QueryString;

/// The parameters of a client's query; one that is not valid UTF-8 is refused when it is asked for.
public final class QueryParameters {
  private final QueryString query;

  private QueryParameters(QueryString query) {
    this.query = query;
  }

  /// @param rawQuery what follows the question mark, as on the wire
  public static QueryParameters parse(String rawQuery) {
    return new QueryParameters(QueryString.parse(rawQuery));
  }

  public boolean contains(String name) {
    return query.contains(name);
  }

  public boolean isEmpty() {
    return query.isEmpty();
  }

  /// The decoded value, empty text for a name without one.
  ///
  /// @throws ApiException 400 if it is not valid UTF-8
  public Optional<String> get(String name) {
    if (query.malformed().contains(name)) {
      throw ApiException.badRequest("\"" + name + "\" parameter not valid UTF-8");
    }
    return Optional.ofNullable(query.get(name));
  }

  /// Whether the value is one of the words for yes: true, 1, yes, on, t, y.
  public boolean isTrue(String name) {
    return get(name).map(RequestFlags::isTrue).orElse(false);
  }
}
