package org.martlet.proxyserver.api;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// The parameters of a URL's query; the last of several of one name counts.
///
/// - Shape: `a=b&c`, percent-decoded, `+` is a space.
public final class QueryParameters {
  private final Map<String, byte[]> values;

  private QueryParameters(Map<String, byte[]> values) {
    this.values = values;
  }

  /// @param rawQuery what follows the question mark, as on the wire
  public static QueryParameters parse(String rawQuery) {
    Map<String, byte[]> values = new LinkedHashMap<>();
    for (String part : rawQuery.split("&", -1)) {
      if (part.isEmpty()) {
        continue;
      }
      int equals = part.indexOf('=');
      String name = equals < 0 ? part : part.substring(0, equals);
      String value = equals < 0 ? "" : part.substring(equals + 1);
      byte[] decodedName = UrlDecoding.bytes(name.replace('+', ' '));
      values.put(UrlDecoding.latin1(decodedName), UrlDecoding.bytes(value.replace('+', ' ')));
    }
    return new QueryParameters(values);
  }

  public boolean contains(String name) {
    return values.containsKey(name);
  }

  public boolean isEmpty() {
    return values.isEmpty();
  }

  /// The decoded value, empty text for a name without one.
  ///
  /// @throws ApiException 400 if it is not valid UTF-8
  public Optional<String> get(String name) {
    byte[] value = values.get(name);
    if (value == null) {
      return Optional.empty();
    }
    return Optional.of(
        UrlDecoding.utf8(value)
            .orElseThrow(
                () -> ApiException.badRequest("\"" + name + "\" parameter not valid UTF-8")));
  }

  /// Whether the value is one of the words for yes: true, 1, yes, on, t, y.
  public boolean isTrue(String name) {
    return get(name).map(RequestFlags::isTrue).orElse(false);
  }
}
