package org.martlet.common.replication;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.martlet.common.model.Digest;

/// Builds what [FrameParser] takes apart: three letters, u8 version (1), then fields; big-endian.
final class FrameWriter {
  static final byte VERSION = 1;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream(256);

  FrameWriter(String letters) {
    out.writeBytes(letters.getBytes(StandardCharsets.US_ASCII));
    out.write(VERSION);
  }

  FrameWriter u8(int value) {
    out.write(value);
    return this;
  }

  FrameWriter u32(int value) {
    out.writeBytes(ByteBuffer.allocate(Integer.BYTES).putInt(value).array());
    return this;
  }

  FrameWriter u64(long value) {
    out.writeBytes(ByteBuffer.allocate(Long.BYTES).putLong(value).array());
    return this;
  }

  FrameWriter digest(Digest digest) {
    return u64(digest.high()).u64(digest.low());
  }

  /// @throws IllegalArgumentException if the name is too long
  FrameWriter name(String name) {
    byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
    if (bytes.length > RowNames.MAX_NAME_BYTES) {
      throw new IllegalArgumentException("a name of " + bytes.length + " bytes");
    }
    out.write(bytes.length >>> 8);
    out.write(bytes.length);
    out.writeBytes(bytes);
    return this;
  }

  FrameWriter bytes(ByteBuffer bytes) {
    u32(bytes.remaining());
    while (bytes.hasRemaining()) {
      out.write(bytes.get());
    }
    return this;
  }

  byte[] toBytes() {
    return out.toByteArray();
  }
}
