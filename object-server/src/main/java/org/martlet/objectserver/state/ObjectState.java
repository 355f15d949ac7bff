package org.martlet.objectserver.state;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;
import org.martlet.common.model.Timestamp;

/// Everything that replicas of an object must come to agree on: three registers, each with its
/// own clock, each keeping the largest value that it was ever given.
///
/// A PUT and a DELETE set all three; a POST sets the metadata and, where it names one, the
/// content type. Metadata and content type stay under a tombstone, so that a late PUT finds the
/// newer ones.
public record ObjectState(DataVersion data, ContentType contentType, Metadata metadata) {

  /// The state that a PUT alone makes.
  ///
  /// @param dataHeaders what stays with the body through a POST
  /// @param metadata what a POST replaces
  public static ObjectState put(
      Timestamp timestamp,
      Etag etag,
      long size,
      HeaderMap dataHeaders,
      String contentType,
      HeaderMap metadata) {
    return new ObjectState(
        new DataVersion(timestamp, false, etag, size, dataHeaders),
        new ContentType(timestamp, contentType),
        new Metadata(timestamp, metadata));
  }

  /// The state that a DELETE alone makes.
  public static ObjectState tombstone(Timestamp timestamp) {
    return new ObjectState(
        DataVersion.tombstone(timestamp),
        new ContentType(timestamp, ""),
        new Metadata(timestamp, HeaderMap.EMPTY));
  }

  /// The join of two states of one object: commutative, associative, idempotent.
  ///
  /// @return this or the other itself where that is the result
  public ObjectState merge(ObjectState other) {
    boolean ourData = data.compareTo(other.data) >= 0;
    boolean ourType = contentType.compareTo(other.contentType) >= 0;
    boolean ourMetadata = metadata.compareTo(other.metadata) >= 0;
    if (ourData && ourType && ourMetadata) {
      return this;
    }
    ObjectState merged =
        new ObjectState(
            ourData ? data : other.data,
            ourType ? contentType : other.contentType,
            ourMetadata ? metadata : other.metadata);
    return merged.equals(other) ? other : merged;
  }

  /// Whether there is a body to serve (expiry is not looked at).
  public boolean isLive() {
    return !data.deleted();
  }

  /// Seconds since the epoch at which the object expires; 0 for never, and for a tombstone.
  public long deleteAt() {
    return isLive() ? metadata.deleteAt() : 0;
  }

  public ObjectClocks clocks() {
    return new ObjectClocks(
        data.timestamp(),
        data.deleted(),
        data.etag(),
        data.size(),
        contentType.timestamp(),
        metadata.timestamp(),
        headersTag());
  }

  private int headersTag() {
    byte[] type = contentType.value().getBytes(StandardCharsets.UTF_8);
    ByteBuffer bytes =
        ByteBuffer.allocate(
            data.headers().encodedLength() + type.length + metadata.headers().encodedLength());
    data.headers().write(bytes);
    bytes.put(type);
    metadata.headers().write(bytes);
    CRC32C crc = new CRC32C();
    crc.update(bytes.flip());
    return (int) crc.getValue();
  }
}
