package org.martlet.objectserver.volume;

/// Where a record lies.
///
/// @param volume the volume's number
/// @param offset of the record's header in the volume file, in bytes; a multiple of 8
/// @param length of the whole record, padding included
/// @param headLength of the header and the envelope
public record RecordLocation(int volume, long offset, int length, int headLength) {
  /// The first byte after the record.
  public long end() {
    return offset + length;
  }
}
