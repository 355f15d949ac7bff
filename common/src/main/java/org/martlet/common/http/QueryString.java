package org.martlet.common.http;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The parameters of a query, in order; a name may come more than once.
///
/// - Source: Python's `parse_qsl(keep_blank_values=True)`, as Swift calls it: `+` is a space,
///   `a&b=` are two empty values, empty pieces are skipped.
public final class QueryString {
  private final List<String> names = new ArrayList<>();
  private final List<String> values = new ArrayList<>();
  private final Set<String> malformed = new LinkedHashSet<>();

  private QueryString() {}

  /// Parses what follows the question mark, as it was received.
  public static QueryString parse(String raw) {
    QueryString query = new QueryString();
    int from = 0;
    while (from <= raw.length()) {
      int end = raw.indexOf('&', from);
      end = end < 0 ? raw.length() : end;
      if (end > from) {
        query.addRaw(raw.substring(from, end));
      }
      from = end + 1;
    }
    return query;
  }

  public static QueryString empty() {
    return new QueryString();
  }

  /// The last value of that name (as Swift, where a later one replaces an earlier), null if there
  /// is none.
  public @Nullable String get(String name) {
    int i = names.lastIndexOf(name);
    return i < 0 ? null : values.get(i);
  }

  public String getOr(String name, String otherwise) {
    String value = get(name);
    return value == null ? otherwise : value;
  }

  public List<String> all(String name) {
    List<String> found = new ArrayList<>(1);
    for (int i = 0; i < names.size(); i++) {
      if (names.get(i).equals(name)) {
        found.add(values.get(i));
      }
    }
    return found;
  }

  public boolean contains(String name) {
    return names.contains(name);
  }

  public boolean isEmpty() {
    return names.isEmpty();
  }

  /// The names of which name or value is not UTF-8 (bad bytes read as U+FFFD), in order.
  public Set<String> malformed() {
    return Collections.unmodifiableSet(malformed);
  }

  public QueryString add(String name, String value) {
    names.add(name);
    values.add(value);
    return this;
  }

  /// The query for a URL, without the question mark.
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < names.size(); i++) {
      text.append(i == 0 ? "" : "&").append(PercentCoding.encode(names.get(i)));
      text.append('=').append(PercentCoding.encode(values.get(i)));
    }
    return text.toString();
  }

  private void addRaw(String piece) {
    int equals = piece.indexOf('=');
    String rawName = piece.substring(0, equals < 0 ? piece.length() : equals).replace('+', ' ');
    String rawValue = equals < 0 ? "" : piece.substring(equals + 1).replace('+', ' ');
    String name = PercentCoding.decodeLeniently(rawName);
    add(name, PercentCoding.decodeLeniently(rawValue));
    if (PercentCoding.decode(rawName) == null || PercentCoding.decode(rawValue) == null) {
      malformed.add(name);
    }
  }
}
