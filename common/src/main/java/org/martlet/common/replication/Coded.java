package org.martlet.common.replication;

import java.nio.ByteBuffer;

/// Something that is one byte on the wire.
interface Coded {
  /// 0 to 255.
  int code();

  static <E extends Coded> E read(E[] values, ByteBuffer from) {
    int code = Byte.toUnsignedInt(from.get());
    for (E value : values) {
      if (value.code() == code) {
        return value;
      }
    }
    throw new IllegalArgumentException("an outcome is not known: " + code);
  }
}
