package org.martlet.objectserver.server;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// What the body of an answer consists of, in order.
///
/// @param length of all parts together, in bytes
record BodyLayout(List<Part> parts, long length) {
  sealed interface Part {}

  /// Bytes that are made up, one a char.
  record Text(String wire) implements Part {
    byte[] bytes() {
      return wire.getBytes(StandardCharsets.ISO_8859_1);
    }
  }

  /// Bytes of the stored body.
  record Stored(ByteRange range) implements Part {}

  static BodyLayout of(ByteRange range) {
    return new BodyLayout(List.of(new Stored(range)), range.length());
  }

  /// The form of `multipart/byteranges` that Swift sends.
  ///
  /// @param contentType of the whole object, as on the wire
  /// @param total bytes of the whole object
  static BodyLayout multipart(
      List<ByteRange> ranges, String boundary, String contentType, long total) {
    List<Part> parts = new ArrayList<>(3 * ranges.size() + 1);
    long length = 0;
    for (ByteRange range : ranges) {
      String head =
          "--%s\r\nContent-Type: %s\r\nContent-Range: %s\r\n\r\n"
              .formatted(boundary, contentType, range.contentRange(total));
      parts.add(new Text(head));
      parts.add(new Stored(range));
      parts.add(new Text("\r\n"));
      length += head.length() + range.length() + 2;
    }
    String end = "--" + boundary + "--";
    parts.add(new Text(end));
    return new BodyLayout(List.copyOf(parts), length + end.length());
  }
}
