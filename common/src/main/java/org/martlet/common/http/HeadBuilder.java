package org.martlet.common.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.Arrays;

/// Gathers the bytes of a head.
final class HeadBuilder {
  private static final int KEPT = 4096;

  private byte[] bytes = new byte[512];
  private int length;

  /// Appends Latin-1 text that holds no line break (who made it has checked).
  @SuppressWarnings("deprecation") // the only copy of a string's low bytes that allocates nothing
  HeadBuilder text(String text) {
    ensure(text.length());
    text.getBytes(0, text.length(), bytes, length);
    length += text.length();
    return this;
  }

  HeadBuilder number(long number) {
    return text(Long.toString(number));
  }

  HeadBuilder field(String name, String value) {
    ensure(name.length() + value.length() + 4);
    return text(name).text(": ").text(value).text("\r\n");
  }

  /// All fields but those that the transport writes itself.
  HeadBuilder fields(Headers headers) {
    for (int i = 0; i < headers.size(); i++) {
      if (!isFraming(headers.nameAt(i))) {
        field(headers.nameAt(i), headers.valueAt(i));
      }
    }
    return this;
  }

  /// The head so far in a buffer with room for more; this is then empty again.
  ByteBuf build(ByteBufAllocator allocator, int room) {
    ByteBuf head = allocator.directBuffer(length + room).writeBytes(bytes, 0, length);
    if (bytes.length > KEPT) {
      bytes = new byte[KEPT];
    }
    length = 0;
    return head;
  }

  /// Appends the bytes to a buffer instead; this is then empty again.
  void appendTo(ByteBuf buffer) {
    buffer.writeBytes(bytes, 0, length);
    length = 0;
  }

  private void ensure(int more) {
    if (length + more > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + more));
    }
  }

  private static boolean isFraming(String name) {
    return switch (name.length()) {
      case 6 -> name.equalsIgnoreCase("Expect");
      case 10 -> name.equalsIgnoreCase("Connection") || name.equalsIgnoreCase("Keep-Alive");
      case 14 -> name.equalsIgnoreCase("Content-Length");
      case 16 -> name.equalsIgnoreCase("Proxy-Connection");
      case 17 -> name.equalsIgnoreCase("Transfer-Encoding");
      default -> false;
    };
  }
}
