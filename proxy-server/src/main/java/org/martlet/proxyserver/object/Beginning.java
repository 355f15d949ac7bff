package org.martlet.proxyserver.object;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import org.martlet.common.http.BlockingBody;
import org.martlet.common.http.Chunk;
import org.martlet.common.model.ByteSize;

/// What was read of a body to see whether it is short.
final class Beginning {
  private final byte[] bytes;
  private final boolean whole;

  private Beginning(byte[] bytes, boolean whole) {
    this.bytes = bytes;
    this.whole = whole;
  }

  /// From the start; not to be changed.
  byte[] bytes() {
    return bytes;
  }

  /// Whether nothing follows.
  boolean isWhole() {
    return whole;
  }

  /// Reads a body that is known to be short, or that may be.
  ///
  /// @param length what is announced, -1 if nothing
  /// @param enough after so many bytes it is long
  static Beginning read(BlockingBody source, long length, ByteSize enough)
      throws InterruptedException {
    if (length > enough.bytes()) {
      return new Beginning(new byte[0], false);
    }
    return length >= 0 ? known(source, (int) length) : unknown(source, enough);
  }

  private static Beginning known(BlockingBody source, int length) throws InterruptedException {
    byte[] bytes = new byte[length];
    int filled = 0;
    while (true) {
      Chunk chunk = ObjectWriter.read(source);
      int size = chunk.size();
      if (size == 0) {
        return new Beginning(filled == length ? bytes : Arrays.copyOf(bytes, filled), true);
      }
      chunk.bytes().get(bytes, filled, Math.min(size, length - filled));
      chunk.release();
      filled += size;
    }
  }

  private static Beginning unknown(BlockingBody source, ByteSize enough)
      throws InterruptedException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(4096);
    while (bytes.size() <= enough.bytes()) {
      Chunk chunk = ObjectWriter.read(source);
      if (chunk.size() == 0) {
        return new Beginning(bytes.toByteArray(), true);
      }
      byte[] piece = new byte[chunk.size()];
      chunk.bytes().get(piece);
      chunk.release();
      bytes.writeBytes(piece);
    }
    return new Beginning(bytes.toByteArray(), false);
  }
}
