package org.martlet.objectserver.index;

/// Up to where the index says what the log says.
///
/// @param volume the volume of the last record; 0 before the first
/// @param offset the first byte after it
/// @param epoch the highest epoch that was used
public record LogPosition(int volume, long offset, int epoch) {
  public static final LogPosition START = new LogPosition(0, 0, 0);
}
