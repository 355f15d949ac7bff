package org.martlet.objectserver.outbox;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.martlet.common.model.ObjectPath;
import org.martlet.common.protocol.ListingRow;
import org.martlet.objectserver.state.HeaderMap;
import org.martlet.objectserver.state.ObjectRecord;
import org.martlet.objectserver.state.ObjectState;

/// What a listing shows of an object's record.
final class ListingRows {
  private static final String OVERRIDE = "X-Object-Sysmeta-Container-Update-Override-";

  private ListingRows() {}

  static ObjectPath container(ObjectRecord record) {
    ObjectPath path = record.path();
    String container = path.container();
    if (container == null) {
      throw new IllegalArgumentException("not an object's path: " + path);
    }
    return ObjectPath.container(path.account(), container);
  }

  static ListingRow row(ObjectRecord record) {
    ObjectState state = record.state();
    String name = record.path().object();
    if (name == null) {
      throw new IllegalArgumentException("not an object's path: " + record.path());
    }
    boolean deleted = state.data().deleted();
    HeaderMap data = state.data().headers();
    return new ListingRow(
        name,
        state.data().timestamp(),
        state.contentType().timestamp(),
        state.metadata().timestamp(),
        deleted,
        deleted ? 0 : size(data, state.data().size()),
        deleted ? "" : overridden(data, "Etag", state.data().etag().toString()),
        deleted ? "" : contentType(state),
        record.key().policy());
  }

  private static String overridden(HeaderMap data, String what, String own) {
    @Nullable String value = data.get(OVERRIDE + what);
    return value == null ? own : utf8(value);
  }

  private static long size(HeaderMap data, long own) {
    String digits = overridden(data, "Size", "").strip();
    boolean number =
        !digits.isEmpty()
            && digits.length() <= 18
            && digits.chars().allMatch(c -> c >= '0' && c <= '9');
    return number ? Long.parseLong(digits) : own;
  }

  /// A type that was set after the body came is shown even where the body's PUT gave another to
  /// show.
  private static String contentType(ObjectState state) {
    String own = utf8(state.contentType().value());
    boolean posted = state.contentType().timestamp().isAfter(state.data().timestamp());
    return posted ? own : overridden(state.data().headers(), "Content-Type", own);
  }

  /// Header values carry bytes; listings carry text.
  private static String utf8(String wire) {
    if (wire.chars().allMatch(c -> c < 0x80)) {
      return wire;
    }
    try {
      byte[] bytes = wire.getBytes(StandardCharsets.ISO_8859_1);
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      return wire;
    }
  }
}
