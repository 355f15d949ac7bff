package org.martlet.containerserver.listing;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.martlet.common.model.Digest;
import org.martlet.common.model.Timestamp;
import org.martlet.common.protocol.Incarnation;
import org.martlet.common.protocol.RowsClock;

/// Builds the bytes of a record. Numbers are base-128 varints, texts and arrays follow their
/// length.
final class RecordWriter {
  private byte[] bytes = new byte[128];
  private int end;

  RecordWriter u8(int value) {
    ensureRoom(1);
    bytes[end++] = (byte) value;
    return this;
  }

  /// A number that is 0 or more.
  RecordWriter number(long value) {
    ensureRoom(10);
    long rest = value;
    while ((rest & ~0x7fL) != 0) {
      bytes[end++] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    bytes[end++] = (byte) rest;
    return this;
  }

  /// A number of either sign.
  RecordWriter signed(long value) {
    return number((value << 1) ^ (value >> 63));
  }

  RecordWriter timestamp(Timestamp value) {
    return number(value.ticks()).number(value.offset());
  }

  RecordWriter rowsClock(RowsClock value) {
    return timestamp(value.newest()).array(value.weight().toByteArray());
  }

  RecordWriter incarnation(Incarnation value) {
    return timestamp(value.after()).timestamp(value.at()).number(value.policy());
  }

  RecordWriter text(String value) {
    return array(value.getBytes(StandardCharsets.UTF_8));
  }

  RecordWriter array(byte[] value) {
    return number(value.length).raw(value);
  }

  RecordWriter raw(byte[] value) {
    ensureRoom(value.length);
    System.arraycopy(value, 0, bytes, end, value.length);
    end += value.length;
    return this;
  }

  RecordWriter eightBytes(long value) {
    for (int shift = 56; shift >= 0; shift -= 8) {
      u8((int) (value >>> shift));
    }
    return this;
  }

  RecordWriter digest(Digest value) {
    return eightBytes(value.high()).eightBytes(value.low());
  }

  byte[] toBytes() {
    return Arrays.copyOf(bytes, end);
  }

  private void ensureRoom(int more) {
    int needed = Math.addExact(end, more);
    if (needed > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(needed, 2 * bytes.length));
    }
  }
}
