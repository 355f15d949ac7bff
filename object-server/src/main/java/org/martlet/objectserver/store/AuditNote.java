package org.martlet.objectserver.store;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// How far the audit of a device has come: kept in the index, so that a restart goes on where it
/// was.
///
/// - Shape: 41 bytes, big-endian: version u8 = 1, volume u32, blob u64, verified bytes u64, damaged
///   u32, passes u64, end of the last pass in milliseconds since 1970 u64.
///
/// @param volume the last volume that was verified in this pass; 0 for none
/// @param blob the last blob that was verified in this pass; 0 for none
/// @param verifiedBytes in this pass
/// @param damaged objects found damaged in this pass
/// @param passes that were finished since the index was made
/// @param finishedMillis when the last one was; 0 for never
public record AuditNote(
    int volume, long blob, long verifiedBytes, int damaged, long passes, long finishedMillis) {
  static final AuditNote NONE = new AuditNote(0, 0, 0, 0, 0, 0);
  private static final byte VERSION = 1;
  private static final int BYTES = 1 + 2 * Integer.BYTES + 4 * Long.BYTES;

  AuditNote afterVolume(int number) {
    return new AuditNote(number, blob, verifiedBytes, damaged, passes, finishedMillis);
  }

  AuditNote afterBlob(long id) {
    return new AuditNote(volume, id, verifiedBytes, damaged, passes, finishedMillis);
  }

  AuditNote verified(long bytes) {
    return new AuditNote(volume, blob, verifiedBytes + bytes, damaged, passes, finishedMillis);
  }

  AuditNote foundDamage() {
    return new AuditNote(volume, blob, verifiedBytes, damaged + 1, passes, finishedMillis);
  }

  AuditNote finished(long millis) {
    return new AuditNote(0, 0, 0, 0, passes + 1, millis);
  }

  /// A device that is empty has nothing to be audited: its first pass is due an interval later.
  AuditNote notBefore(long millis) {
    return new AuditNote(volume, blob, verifiedBytes, damaged, passes, millis);
  }

  byte[] encode() {
    return ByteBuffer.allocate(BYTES)
        .put(VERSION)
        .putInt(volume)
        .putLong(blob)
        .putLong(verifiedBytes)
        .putInt(damaged)
        .putLong(passes)
        .putLong(finishedMillis)
        .array();
  }

  /// A note that cannot be read costs no more than to begin the pass anew.
  static AuditNote decode(byte @Nullable [] bytes) {
    if (bytes == null || bytes.length != BYTES || bytes[0] != VERSION) {
      return NONE;
    }
    ByteBuffer from = ByteBuffer.wrap(bytes, 1, BYTES - 1);
    return new AuditNote(
        from.getInt(),
        from.getLong(),
        from.getLong(),
        from.getInt(),
        from.getLong(),
        from.getLong());
  }
}
