package org.martlet.objectserver.store;

import java.nio.ByteBuffer;
import org.martlet.objectserver.state.ObjectKey;
import org.martlet.objectserver.state.ObjectRecord;
import org.martlet.objectserver.volume.BodyLocation;
import org.martlet.objectserver.volume.Envelope;
import org.martlet.objectserver.volume.MalformedRecord;

/// A record as devices send it to each other, without its body.
///
/// - Shape: an [Envelope] that says of the body that it is here, or that there is none; no listing
///   updates.
///
/// @param bodyCrc CRC-32C of the whole body; 0 for a tombstone
public record PeerRecord(ObjectRecord record, int bodyCrc) {
  public ByteBuffer encode() {
    boolean live = record.state().isLive();
    return new Envelope(record, live ? null : BodyLocation.NONE, live ? bodyCrc : 0, 0).encode();
  }

  /// @param key that the sender says it has; whether the name belongs to it is the caller's to
  ///     check
  /// @throws IllegalArgumentException with words for the sender if this is no record that could be
  ///     stored
  public static PeerRecord decode(ObjectKey key, ByteBuffer bytes) {
    Envelope envelope;
    try {
      envelope = Envelope.decode(key, bytes);
    } catch (MalformedRecord e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
    ObjectRecord record = envelope.record();
    boolean bodyIsHere = envelope.body() == null;
    if (bodyIsHere != record.state().isLive() || (!bodyIsHere && !isNone(envelope))) {
      throw new IllegalArgumentException("a record says that its body is elsewhere");
    }
    if (Envelope.sizeOf(record) > LogDeviceStore.MAX_RECORD_BYTES) {
      throw new IllegalArgumentException("name and metadata of a record are too large");
    }
    return new PeerRecord(record, envelope.bodyCrc());
  }

  private static boolean isNone(Envelope envelope) {
    return envelope.body() instanceof BodyLocation.None;
  }
}
