package org.martlet.common.kv;

import java.util.Arrays;

/// Changes to be applied together, in order; a later change of the same key wins.
///
/// It is built in plain memory, in the form that RocksDB writes to its log, so that a change costs
/// no native call and a batch needs no close. Keep one for long: [#clear] leaves the memory.
///
/// - Shape: 8 bytes sequence (0), 4 bytes count, little-endian; then per change a tag byte, the
///   family's id, and key and value, each after its length; ids and lengths are base-128 varints.
/// - Threads: one at a time.
public final class KeyValueBatch {
  static final int HEADER_BYTES = 12;
  static final int MAX_BYTES = 1 << 30;
  static final byte DELETE = 0x4;
  static final byte PUT = 0x5;
  static final byte DELETE_RANGE = 0xE;

  private final FamilyIds families;
  private byte[] bytes = new byte[1024];
  private int end = HEADER_BYTES;
  private int count;

  /// The numbers by which a database knows its families.
  interface FamilyIds {
    /// @throws IllegalArgumentException if the database has no such family
    int idOf(KeyValueFamily family);
  }

  KeyValueBatch(FamilyIds families) {
    this.families = families;
  }

  public KeyValueBatch put(KeyValueFamily family, byte[] key, byte[] value) {
    begin(PUT, family, key.length, value.length);
    append(key);
    append(value);
    return this;
  }

  public KeyValueBatch delete(KeyValueFamily family, byte[] key) {
    begin(DELETE, family, key.length, 0);
    append(key);
    return this;
  }

  /// Deletes every key from `from`, inclusive, to `to`, exclusive. Cheap for any number of keys,
  /// but each costs later reads a little until compaction: not for a handful of keys.
  ///
  /// @throws IllegalArgumentException if `to` is below `from`
  public KeyValueBatch deleteRange(KeyValueFamily family, byte[] from, byte[] to) {
    if (Arrays.compareUnsigned(from, to) > 0) {
      throw new IllegalArgumentException("a range ends before it begins");
    }
    begin(DELETE_RANGE, family, from.length, to.length);
    append(from);
    append(to);
    return this;
  }

  public KeyValueBatch clear() {
    end = HEADER_BYTES;
    count = 0;
    return this;
  }

  /// The number of changes.
  public int count() {
    return count;
  }

  public boolean isEmpty() {
    return count == 0;
  }

  /// About what it takes in the log, in bytes.
  public int sizeBytes() {
    return end;
  }

  /// @throws IllegalArgumentException if it was made by another database, whose numbers differ
  @SuppressWarnings("ReferenceEquality") // one object per open database: identity is what is meant
  void requireMadeFor(FamilyIds database) {
    if (families != database) {
      throw new IllegalArgumentException("the batch was made for another database");
    }
  }

  /// The whole batch, for RocksDB.
  byte[] encoded() {
    for (int i = 0; i < 4; i++) {
      bytes[8 + i] = (byte) (count >>> (8 * i));
    }
    return Arrays.copyOf(bytes, end);
  }

  private void begin(byte tag, KeyValueFamily family, int first, int second) {
    int id = families.idOf(family);
    ensureRoom(1L + 3 * 5 + first + second);
    bytes[end++] = tag;
    varint(id);
    count++;
  }

  private void append(byte[] part) {
    varint(part.length);
    System.arraycopy(part, 0, bytes, end, part.length);
    end += part.length;
  }

  private void varint(int value) {
    int rest = value;
    while (rest >= 0x80) {
      bytes[end++] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    bytes[end++] = (byte) rest;
  }

  private void ensureRoom(long more) {
    long needed = end + more;
    if (needed > MAX_BYTES) {
      throw new IllegalStateException("a batch of more than " + MAX_BYTES + " bytes");
    }
    if (needed > bytes.length) {
      bytes = Arrays.copyOf(bytes, (int) Math.min(MAX_BYTES, Math.max(needed, 2L * bytes.length)));
    }
  }

  /// The same changes, in memory of their own.
  KeyValueBatch copy() {
    KeyValueBatch copy = new KeyValueBatch(families);
    copy.bytes = encoded();
    copy.end = end;
    copy.count = count;
    return copy;
  }

  /// One change, as it was made.
  interface ChangeVisitor {
    /// @param first the key, or the start of the range
    /// @param second the value, or the end of the range; empty for a deletion
    void visit(byte tag, int family, byte[] first, byte[] second);
  }

  /// Shows every change, in order.
  void forEach(ChangeVisitor visitor) {
    Reading reading = new Reading();
    while (reading.at < end) {
      byte tag = bytes[reading.at++];
      int family = reading.varint();
      byte[] first = reading.part();
      visitor.visit(tag, family, first, tag == DELETE ? new byte[0] : reading.part());
    }
  }

  private final class Reading {
    private int at = HEADER_BYTES;

    int varint() {
      int value = 0;
      for (int shift = 0; ; shift += 7) {
        byte next = bytes[at++];
        value |= (next & 0x7f) << shift;
        if (next >= 0) {
          return value;
        }
      }
    }

    byte[] part() {
      int length = varint();
      at += length;
      return Arrays.copyOfRange(bytes, at - length, at);
    }
  }
}
