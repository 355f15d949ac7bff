package org.martlet.common.replication;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.martlet.common.model.Digest;

/// Takes apart what a peer sent: whatever does not fit is an [IllegalArgumentException] with words
/// for the sender, and nothing is allocated that the bytes that came do not hold.
final class FrameParser {
  private final ByteBuffer from;

  FrameParser(String letters, byte[] bytes) {
    from = ByteBuffer.wrap(bytes);
    byte[] head = letters.getBytes(StandardCharsets.US_ASCII);
    need(head.length + 1);
    for (byte letter : head) {
      if (from.get() != letter) {
        throw new IllegalArgumentException("this is no " + letters);
      }
    }
    int version = from.get();
    if (version != FrameWriter.VERSION) {
      throw new IllegalArgumentException("a " + letters + " of version " + version);
    }
  }

  private void need(int bytes) {
    if (bytes < 0 || bytes > from.remaining()) {
      throw new IllegalArgumentException("the message is cut short");
    }
  }

  boolean flag() {
    need(1);
    byte flag = from.get();
    if (flag != 0 && flag != 1) {
      throw new IllegalArgumentException("a flag is neither 0 nor 1: " + flag);
    }
    return flag == 1;
  }

  long u64() {
    need(Long.BYTES);
    return from.getLong();
  }

  Digest digest() {
    need(Digest.BYTES);
    return Digest.read(from);
  }

  /// How many items follow.
  int count(int limit) {
    need(Integer.BYTES);
    int count = from.getInt();
    if (count < 0 || count > limit) {
      throw new IllegalArgumentException("it says it has too many items: " + count);
    }
    return count;
  }

  String name() {
    need(Short.BYTES);
    int length = Short.toUnsignedInt(from.getShort());
    if (length > RowNames.MAX_NAME_BYTES) {
      throw new IllegalArgumentException("a name of " + length + " bytes");
    }
    need(length);
    ByteBuffer bytes = from.slice(from.position(), length);
    from.position(from.position() + length);
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException("a name is not UTF-8", e);
    }
  }

  ByteBuffer bytes() {
    need(Integer.BYTES);
    int length = from.getInt();
    need(length);
    ByteBuffer bytes = from.slice(from.position(), length);
    from.position(from.position() + length);
    return bytes;
  }

  void end() {
    if (from.hasRemaining()) {
      throw new IllegalArgumentException("the message has bytes past its end");
    }
  }
}
