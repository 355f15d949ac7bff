package org.martlet.objectserver.volume;

/// A volume as it was found when the device was opened.
public final class VolumeInfo {
  /// Where the first record of any volume begins.
  public static final long FIRST_RECORD = VolumeHeader.BYTES;

  private final VolumeHeader header;
  private final long size;

  VolumeInfo(VolumeHeader header, long size) {
    this.header = header;
    this.size = size;
  }

  VolumeHeader header() {
    return header;
  }

  public int number() {
    return header.number();
  }

  /// The start of the device that wrote it.
  public int epoch() {
    return header.epoch();
  }

  /// The number of the volume before; 0 for none.
  public int previous() {
    return header.previous();
  }

  /// Where the volume before ended.
  public long previousEnd() {
    return header.previousEnd();
  }

  /// When it was begun, in ticks of 10 µs.
  public long createdTicks() {
    return header.createdTicks();
  }

  /// Bytes of the file.
  public long size() {
    return size;
  }

  /// Where the first record begins.
  public long firstRecord() {
    return FIRST_RECORD;
  }
}
