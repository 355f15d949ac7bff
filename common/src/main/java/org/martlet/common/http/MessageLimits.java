package org.martlet.common.http;

/// How much of a message is taken before it is refused.
///
/// @param startLine bytes of the request or status line
/// @param fieldLine bytes of one header or trailer line
/// @param fieldBytes bytes of all header lines together; the same again for trailers
/// @param fieldCount header lines; the same again for trailers
public record MessageLimits(int startLine, int fieldLine, int fieldBytes, int fieldCount) {
  public static final MessageLimits DEFAULT = new MessageLimits(8192, 16_384, 65_536, 256);

  public MessageLimits {
    if (startLine < 64 || fieldLine < 64 || fieldBytes < fieldLine || fieldCount < 1) {
      throw new IllegalArgumentException("message limits are too small or contradict each other");
    }
  }
}
