package org.martlet.common.http;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/// The header or trailer fields of a message, in order; names compare without case.
///
/// - Shape: values are Latin-1, one char a byte, no line breaks (refused: that would let a value
///   become a header of its own).
/// - Threads: confined to one thread at a time; a message's headers are not changed once it is
///   sent.
public final class Headers {
  private final List<String> names = new ArrayList<>();
  private final List<String> values = new ArrayList<>();

  /// Fields from alternating names and values.
  public static Headers of(String... namesAndValues) {
    if (namesAndValues.length % 2 != 0) {
      throw new IllegalArgumentException("a header name without a value");
    }
    Headers headers = new Headers();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      headers.add(namesAndValues[i], namesAndValues[i + 1]);
    }
    return headers;
  }

  public Headers copy() {
    Headers copy = new Headers();
    copy.names.addAll(names);
    copy.values.addAll(values);
    return copy;
  }

  /// The first value of that name, null if there is none.
  public @Nullable String get(String name) {
    int i = indexOf(name, 0);
    return i < 0 ? null : values.get(i);
  }

  public String getOr(String name, String otherwise) {
    String value = get(name);
    return value == null ? otherwise : value;
  }

  public List<String> all(String name) {
    List<String> found = new ArrayList<>(1);
    for (int i = indexOf(name, 0); i >= 0; i = indexOf(name, i + 1)) {
      found.add(values.get(i));
    }
    return found;
  }

  public boolean contains(String name) {
    return indexOf(name, 0) >= 0;
  }

  public Headers add(String name, String value) {
    names.add(checkName(name));
    values.add(checkValue(name, value));
    return this;
  }

  /// Adds a field that a parser has checked.
  void addParsed(String name, String value) {
    names.add(name);
    values.add(value);
  }

  public Headers addAll(Headers other) {
    other.forEach(this::add);
    return this;
  }

  /// Replaces all values of that name by one.
  public Headers set(String name, String value) {
    int first = indexOf(name, 0);
    if (first < 0) {
      return add(name, value);
    }
    values.set(first, checkValue(name, value));
    for (int i = indexOf(name, first + 1); i >= 0; i = indexOf(name, i)) {
      removeAt(i);
    }
    return this;
  }

  public Headers set(String name, long value) {
    return set(name, Long.toString(value));
  }

  public Headers setIfAbsent(String name, String value) {
    return contains(name) ? this : add(name, value);
  }

  /// Removes every field of that name.
  public Headers remove(String name) {
    for (int i = indexOf(name, 0); i >= 0; i = indexOf(name, i)) {
      removeAt(i);
    }
    return this;
  }

  /// The name of the i-th field.
  String nameAt(int i) {
    return names.get(i);
  }

  /// The value of the i-th field.
  String valueAt(int i) {
    return values.get(i);
  }

  public void forEach(BiConsumer<String, String> action) {
    for (int i = 0; i < names.size(); i++) {
      action.accept(names.get(i), values.get(i));
    }
  }

  /// The distinct names as they were first written, in order.
  public Set<String> names() {
    Set<String> seen = new LinkedHashSet<>();
    Set<String> distinct = new LinkedHashSet<>();
    for (String name : names) {
      if (seen.add(name.toLowerCase(Locale.ROOT))) {
        distinct.add(name);
      }
    }
    return Collections.unmodifiableSet(distinct);
  }

  public int size() {
    return names.size();
  }

  public boolean isEmpty() {
    return names.isEmpty();
  }

  private void removeAt(int i) {
    names.remove(i);
    values.remove(i);
  }

  private int indexOf(String name, int from) {
    for (int i = from; i < names.size(); i++) {
      if (names.get(i).equalsIgnoreCase(name)) {
        return i;
      }
    }
    return -1;
  }

  private static String checkName(String name) {
    if (name.isEmpty()) {
      throw new IllegalArgumentException("a header name is empty");
    }
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      if (c <= ' ' || c == ':' || c == 0x7f || c > 0xff) {
        throw new IllegalArgumentException("a header name holds a forbidden character");
      }
    }
    return name;
  }

  private static String checkValue(String name, String value) {
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c == '\r' || c == '\n' || c == 0 || c > 0xff) {
        throw new IllegalArgumentException(
            "the value of header " + name + " holds a forbidden character");
      }
    }
    return value;
  }

  @Override
  public String toString() {
    return names.size() + " header fields";
  }
}
