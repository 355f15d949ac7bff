package org.martlet.containerserver.listing;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import org.martlet.common.kv.KeyValueFault;
import org.martlet.common.model.Digest;
import org.martlet.common.model.Timestamp;
import org.martlet.common.protocol.Incarnation;
import org.martlet.common.protocol.RowsClock;

/// Takes apart what [RecordWriter] built.
///
/// Errors: a [KeyValueFault] of kind `CORRUPT` for whatever does not fit, never an index out of
/// bounds.
final class RecordReader {
  private final byte[] bytes;
  private int at;

  /// @param version the only format version that is understood; the record's first byte
  RecordReader(byte[] bytes, int version) throws KeyValueFault {
    this.bytes = bytes;
    int found = u8();
    if (found != version) {
      throw corrupt("a record of format version " + found + ", not " + version);
    }
  }

  static KeyValueFault corrupt(String message) {
    return new KeyValueFault(KeyValueFault.Kind.CORRUPT, "a listing's database holds " + message);
  }

  int u8() throws KeyValueFault {
    ensure(1);
    return bytes[at++] & 0xff;
  }

  long number() throws KeyValueFault {
    long value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      int next = u8();
      value |= (long) (next & 0x7f) << shift;
      if (next < 0x80) {
        return value;
      }
    }
    throw corrupt("a number that does not end");
  }

  int smallNumber() throws KeyValueFault {
    long value = number();
    if (value < 0 || value > Integer.MAX_VALUE) {
      throw corrupt("a number that is too large");
    }
    return (int) value;
  }

  long signed() throws KeyValueFault {
    long value = number();
    return (value >>> 1) ^ -(value & 1);
  }

  Timestamp timestamp() throws KeyValueFault {
    long ticks = number();
    long offset = number();
    if (ticks < 0 || ticks > Timestamp.MAX_TICKS || offset < 0) {
      throw corrupt("a timestamp that is out of range");
    }
    return new Timestamp(ticks, offset);
  }

  RowsClock rowsClock() throws KeyValueFault {
    Timestamp newest = timestamp();
    int length = smallNumber();
    if (length == 0 || length > RowsClock.MAX_WEIGHT_BYTES) {
      throw corrupt("a sum of clocks that is none");
    }
    BigInteger weight = new BigInteger(raw(length));
    if (weight.signum() < 0) {
      throw corrupt("a sum of clocks that is negative");
    }
    return new RowsClock(newest, weight);
  }

  Incarnation incarnation() throws KeyValueFault {
    return new Incarnation(timestamp(), timestamp(), smallNumber());
  }

  String text() throws KeyValueFault {
    int length = smallNumber();
    ensure(length);
    String value = new String(bytes, at, length, StandardCharsets.UTF_8);
    at += length;
    return value;
  }

  byte[] raw(int length) throws KeyValueFault {
    ensure(length);
    byte[] value = new byte[length];
    System.arraycopy(bytes, at, value, 0, length);
    at += length;
    return value;
  }

  long eightBytes() throws KeyValueFault {
    long value = 0;
    for (int i = 0; i < 8; i++) {
      value = value << 8 | u8();
    }
    return value;
  }

  Digest digest() throws KeyValueFault {
    return new Digest(eightBytes(), eightBytes());
  }

  void end() throws KeyValueFault {
    if (at != bytes.length) {
      throw corrupt("a record with bytes past its end");
    }
  }

  private void ensure(int more) throws KeyValueFault {
    if (more > bytes.length - at) {
      throw corrupt("a record that is cut short");
    }
  }
}
