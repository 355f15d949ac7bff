package org.martlet.common.http;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// The line that is being received, which may come in many pieces.
final class LineBuffer {
  private static final int USUAL = 256;

  /// More than this is not kept for the next line.
  private static final int KEPT = 2048;

  private byte[] bytes = new byte[USUAL];
  private int length;

  void clear() {
    length = 0;
    if (bytes.length > KEPT) {
      bytes = new byte[USUAL];
    }
  }

  /// Bytes of memory that are taken.
  int capacity() {
    return bytes.length;
  }

  /// Bytes so far; of a whole line without its CRLF once [#checkEnd] was called.
  int length() {
    return length;
  }

  void append(ByteBuf from, int count) {
    if (length + count > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + count));
    }
    from.readBytes(bytes, length, count);
    length += count;
  }

  byte at(int i) {
    return bytes[i];
  }

  /// Takes CRLF off; a bare LF and a stray CR are refused, because others may read them otherwise.
  void checkEnd() throws BadMessage {
    if (length < 2 || bytes[length - 2] != '\r') {
      throw new BadMessage("A line does not end in CRLF.");
    }
    length -= 2;
    for (int i = 0; i < length; i++) {
      byte b = bytes[i];
      if ((b >= 0 && b < ' ' && b != '\t') || b == 0x7f) {
        throw new BadMessage("A line of the head holds a control character.");
      }
    }
  }

  int indexOf(char c, int from) {
    for (int i = from; i < length; i++) {
      if (bytes[i] == c) {
        return i;
      }
    }
    return -1;
  }

  String text(int from, int to) {
    return new String(bytes, from, to - from, StandardCharsets.ISO_8859_1);
  }
}
