package org.martlet.objectserver.state;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// An immutable map of stored headers, opaque to the engine: names and values are kept as given.
///
/// Entries are ordered by name, so that equal maps have equal encoded forms on every replica.
///
/// - Shape: u16 count, then per entry u16 length and UTF-8 name, u32 length and UTF-8 value;
///   little-endian.
/// - Order: [#compareTo] is the unsigned order of the encoded forms; it only breaks ties.
/// - Threads: any.
public final class HeaderMap implements Comparable<HeaderMap> {
  public static final HeaderMap EMPTY = new HeaderMap(new TreeMap<>());

  private static final int MAX_ENTRIES = 0xffff;
  private static final int MAX_NAME_BYTES = 0xffff;

  private final NavigableMap<String, String> entries;
  private final byte[] encoded;

  private HeaderMap(NavigableMap<String, String> entries) {
    this.entries = Collections.unmodifiableNavigableMap(entries);
    this.encoded = encode(entries);
  }

  /// @throws IllegalArgumentException if there are more than 65,535 entries or a name is longer
  ///     than 65,535 bytes
  public static HeaderMap of(Map<String, String> entries) {
    return entries.isEmpty() ? EMPTY : new HeaderMap(new TreeMap<>(entries));
  }

  /// Reads the encoded form from the buffer's position and advances it; the buffer's order is
  /// left as it was.
  ///
  /// @throws BufferUnderflowException or [IllegalArgumentException] if the bytes are not such a
  ///     form
  public static HeaderMap read(ByteBuffer from) {
    ByteBuffer view = from.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    int count = Short.toUnsignedInt(view.getShort());
    TreeMap<String, String> entries = new TreeMap<>();
    for (int i = 0; i < count; i++) {
      String name = text(view, Short.toUnsignedInt(view.getShort()));
      entries.put(name, text(view, view.getInt()));
    }
    from.position(view.position());
    return count == 0 ? EMPTY : new HeaderMap(entries);
  }

  private static String text(ByteBuffer from, int length) {
    if (length < 0 || length > from.remaining()) {
      throw new BufferUnderflowException();
    }
    byte[] bytes = new byte[length];
    from.get(bytes);
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private static byte[] encode(Map<String, String> entries) {
    if (entries.size() > MAX_ENTRIES) {
      throw new IllegalArgumentException("too many headers: " + entries.size());
    }
    byte[][] texts = new byte[2 * entries.size()][];
    int length = 2;
    int next = 0;
    for (Map.Entry<String, String> entry : entries.entrySet()) {
      byte[] name = entry.getKey().getBytes(StandardCharsets.UTF_8);
      byte[] value = entry.getValue().getBytes(StandardCharsets.UTF_8);
      if (name.length > MAX_NAME_BYTES) {
        throw new IllegalArgumentException("header name is too long: " + name.length + " bytes");
      }
      texts[next++] = name;
      texts[next++] = value;
      length = Math.addExact(length, 6 + name.length + value.length);
    }
    ByteBuffer to = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    to.putShort((short) entries.size());
    for (int i = 0; i < texts.length; i += 2) {
      to.putShort((short) texts[i].length).put(texts[i]);
      to.putInt(texts[i + 1].length).put(texts[i + 1]);
    }
    return to.array();
  }

  /// The entries in the order of their names; unmodifiable.
  public NavigableMap<String, String> entries() {
    return entries;
  }

  /// The value under exactly this name, or null.
  public @Nullable String get(String name) {
    return entries.get(name);
  }

  public boolean isEmpty() {
    return entries.isEmpty();
  }

  /// Bytes of the encoded form.
  public int encodedLength() {
    return encoded.length;
  }

  /// Writes the encoded form at the buffer's position and advances it.
  public void write(ByteBuffer to) {
    to.put(encoded);
  }

  @Override
  public int compareTo(HeaderMap other) {
    return Arrays.compareUnsigned(encoded, other.encoded);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof HeaderMap that && Arrays.equals(encoded, that.encoded);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(encoded);
  }

  @Override
  public String toString() {
    return entries.toString();
  }
}
