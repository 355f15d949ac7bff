package org.martlet.common.replication;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// The form that all lists of this package have on the wire: what they are, how many, one after
/// the other, each of the same size.
///
/// - Shape: three letters, u8 version (1), u32 count, the items; big-endian.
final class ItemList<T> {
  static final int HEAD_BYTES = 8;
  private static final byte VERSION = 1;

  /// Writes one item.
  interface Writer<T> {
    void write(T item, ByteBuffer to);
  }

  /// Reads one item; whatever is wrong with it is an [IllegalArgumentException].
  interface Reader<T> {
    T read(ByteBuffer from);
  }

  private final byte[] letters;
  private final int itemBytes;
  private final Writer<T> writer;
  private final Reader<T> reader;

  /// @param letters three, which tell this list from others
  ItemList(String letters, int itemBytes, Writer<T> writer, Reader<T> reader) {
    this.letters = letters.getBytes(StandardCharsets.US_ASCII);
    this.itemBytes = itemBytes;
    this.writer = writer;
    this.reader = reader;
  }

  /// The bytes of a list of so many items.
  long bytes(int items) {
    return HEAD_BYTES + (long) items * itemBytes;
  }

  byte[] encode(List<T> items) {
    ByteBuffer to = ByteBuffer.allocate(Math.toIntExact(bytes(items.size())));
    to.put(letters).put(VERSION).putInt(items.size());
    items.forEach(item -> writer.write(item, to));
    return to.array();
  }

  /// @throws IllegalArgumentException with words for the sender if this is no such list, or has
  ///     more items than the limit
  List<T> decode(byte[] bytes, int limit) {
    String name = new String(letters, StandardCharsets.US_ASCII);
    ByteBuffer from = ByteBuffer.wrap(bytes);
    if (bytes.length < HEAD_BYTES) {
      throw new IllegalArgumentException("a list " + name + " of " + bytes.length + " bytes");
    }
    for (byte letter : letters) {
      if (from.get() != letter) {
        throw new IllegalArgumentException("this is no list " + name);
      }
    }
    byte version = from.get();
    if (version != VERSION) {
      throw new IllegalArgumentException("a list " + name + " of version " + version);
    }
    int count = from.getInt();
    if (count < 0 || count > limit || bytes.length != bytes(count)) {
      throw new IllegalArgumentException(
          "a list "
              + name
              + " says it has "
              + Integer.toUnsignedString(count)
              + " items in "
              + bytes.length
              + " bytes; at most "
              + limit
              + " are taken");
    }
    return items(from, count);
  }

  private List<T> items(ByteBuffer from, int count) {
    List<T> items = new ArrayList<>(count);
    try {
      for (int i = 0; i < count; i++) {
        items.add(reader.read(from));
      }
    } catch (BufferUnderflowException e) {
      throw new IllegalArgumentException("an item is cut short", e);
    }
    return items;
  }
}
