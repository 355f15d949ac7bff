package org.martlet.objectserver.volume;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.martlet.common.model.ObjectPath;
import org.martlet.common.model.Timestamp;
import org.martlet.objectserver.state.ContentType;
import org.martlet.objectserver.state.DataVersion;
import org.martlet.objectserver.state.Etag;
import org.martlet.objectserver.state.HeaderMap;
import org.martlet.objectserver.state.Metadata;
import org.martlet.objectserver.state.ObjectKey;
import org.martlet.objectserver.state.ObjectRecord;
import org.martlet.objectserver.state.ObjectState;

/// What a record says of its object beyond the header: name, state, body, due listing updates.
///
/// - Shape: little-endian but for the ETag; `docs/disk-format.md`, "Envelope".
///
/// @param body null: in this very record
/// @param bodyCrc CRC-32C of the whole body
/// @param due bit n: a listing update to target n is due
public record Envelope(ObjectRecord record, @Nullable BodyLocation body, int bodyCrc, long due) {
  private static final byte VERSION = 1;
  private static final int DELETED = 1;
  private static final int FIXED_BYTES =
      2 + 7 * Long.BYTES + Etag.BYTES + Integer.BYTES + Long.BYTES;
  private static final int MAX_LOCATION_BYTES = 1 + 4 + 8 + 4 + 4;

  /// How the body's place is encoded.
  private static final class Place {
    static final byte NONE = 0;
    static final byte HERE = 1;
    static final byte RECORD = 2;
    static final byte BLOB = 3;
  }

  /// @throws IllegalArgumentException if the envelope would be larger than
  ///     [RecordHeader#MAX_ENVELOPE]
  public ByteBuffer encode() {
    ObjectState state = record.state();
    byte[] path = record.path().toString().getBytes(StandardCharsets.UTF_8);
    byte[] type = state.contentType().value().getBytes(StandardCharsets.UTF_8);
    int length = sizeOf(path.length, type.length, state);
    if (length > RecordHeader.MAX_ENVELOPE) {
      throw new IllegalArgumentException("name and metadata are too large: " + length + " bytes");
    }
    ByteBuffer to = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    to.put(VERSION).put((byte) (state.data().deleted() ? DELETED : 0));
    write(to, state.data().timestamp());
    state.data().etag().write(to.order(ByteOrder.BIG_ENDIAN));
    to.order(ByteOrder.LITTLE_ENDIAN).putLong(state.data().size());
    write(to, state.contentType().timestamp());
    write(to, state.metadata().timestamp());
    to.putInt(bodyCrc).putLong(due);
    writeBody(to);
    to.putInt(path.length).put(path).putInt(type.length).put(type);
    state.data().headers().write(to);
    state.metadata().headers().write(to);
    return to.flip();
  }

  private static int sizeOf(int pathBytes, int typeBytes, ObjectState state) {
    return FIXED_BYTES
        + MAX_LOCATION_BYTES
        + 2 * Integer.BYTES
        + pathBytes
        + typeBytes
        + state.data().headers().encodedLength()
        + state.metadata().headers().encodedLength();
  }

  /// The most bytes that the envelope of a record can take: three for each character of its
  /// texts.
  public static int sizeOf(ObjectRecord record) {
    int path = 3 * record.path().toString().length();
    int type = 3 * record.state().contentType().value().length();
    return sizeOf(path, type, record.state());
  }

  private static void write(ByteBuffer to, Timestamp timestamp) {
    to.putLong(timestamp.ticks()).putLong(timestamp.offset());
  }

  private void writeBody(ByteBuffer to) {
    switch (body) {
      case null -> to.put(Place.HERE);
      case BodyLocation.None none -> to.put(Place.NONE);
      case BodyLocation.InRecord other -> {
        RecordLocation at = other.at();
        to.put(Place.RECORD).putInt(at.volume()).putLong(at.offset());
        to.putInt(at.length()).putInt(at.headLength());
      }
      case BodyLocation.InBlob blob -> to.put(Place.BLOB).putLong(blob.id());
    }
  }

  /// Reads an envelope whose checksum was verified. It may come from another device, and is checked
  /// as whatever comes from outside.
  ///
  /// @throws MalformedRecord if it makes no sense all the same
  public static Envelope decode(ObjectKey key, ByteBuffer bytes) throws MalformedRecord {
    try {
      return read(key, bytes.slice().order(ByteOrder.LITTLE_ENDIAN));
    } catch (BufferUnderflowException | IllegalArgumentException e) {
      throw new MalformedRecord("envelope of " + key.hash() + " cannot be read", e);
    }
  }

  private static Envelope read(ObjectKey key, ByteBuffer from) throws MalformedRecord {
    byte version = from.get();
    if (version != VERSION) {
      throw new MalformedRecord("envelope of " + key.hash() + " has version " + version, null);
    }
    boolean deleted = (from.get() & DELETED) != 0;
    Timestamp data = timestamp(from);
    Etag etag = Etag.read(from.order(ByteOrder.BIG_ENDIAN));
    long size = from.order(ByteOrder.LITTLE_ENDIAN).getLong();
    Timestamp typeClock = timestamp(from);
    Timestamp metadataClock = timestamp(from);
    int bodyCrc = from.getInt();
    long due = from.getLong();
    BodyLocation body = readBody(from);
    ObjectPath path = path(text(from));
    String type = text(from);
    HeaderMap dataHeaders = HeaderMap.read(from);
    ObjectState state =
        new ObjectState(
            new DataVersion(data, deleted, etag, size, dataHeaders),
            new ContentType(typeClock, type),
            new Metadata(metadataClock, HeaderMap.read(from)));
    return new Envelope(new ObjectRecord(key, path, state), body, bodyCrc, due);
  }

  private static Timestamp timestamp(ByteBuffer from) {
    return new Timestamp(from.getLong(), from.getLong());
  }

  private static @Nullable BodyLocation readBody(ByteBuffer from) {
    byte place = from.get();
    return switch (place) {
      case Place.NONE -> BodyLocation.NONE;
      case Place.HERE -> null;
      case Place.RECORD ->
          new BodyLocation.InRecord(
              new RecordLocation(from.getInt(), from.getLong(), from.getInt(), from.getInt()));
      case Place.BLOB -> new BodyLocation.InBlob(from.getLong());
      default -> throw new IllegalArgumentException("unknown place of a body: " + place);
    };
  }

  private static ObjectPath path(String text) {
    int container = text.indexOf('/', 1);
    int object = text.indexOf('/', container + 1);
    if (container < 0 || object < 0 || text.charAt(0) != '/') {
      throw new IllegalArgumentException("not an object's path");
    }
    return ObjectPath.object(
        text.substring(1, container),
        text.substring(container + 1, object),
        text.substring(object + 1));
  }

  private static String text(ByteBuffer from) {
    int length = from.getInt();
    if (length < 0 || length > from.remaining()) {
      throw new BufferUnderflowException();
    }
    byte[] bytes = new byte[length];
    from.get(bytes);
    return new String(bytes, StandardCharsets.UTF_8);
  }

  /// Where the body lies, for the record at this location.
  public BodyLocation bodyOf(RecordLocation self) {
    return body == null ? new BodyLocation.InRecord(self) : body;
  }
}
