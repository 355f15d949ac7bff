package org.martlet.objectserver.index;

import java.nio.ByteBuffer;
import org.martlet.objectserver.volume.BodyLocation;

/// A use that records of a volume have, under which their bytes are counted: to be read, or to
/// keep older records of their keys from coming back.
///
/// A gone record is of use as long as a volume is left that may hold an older record of its key.
/// How far back that reaches is counted in powers of two, so that a volume has few counts however
/// many keys it holds; a reach that is rounded up keeps a record for longer than need be, never for
/// too short.
///
/// - Shape: `docs/disk-format.md`, "Index", family `meta`, keys `v` and `g`.
///
/// @param volume its number
/// @param reach [#LIVE], or for gone records: the key's oldest volume is less than 2^reach before
///     this one; 0 where there is no older one
record VolumeUse(int volume, int reach) {
  /// Records that can be read.
  static final int LIVE = -1;

  private static final int MAX_REACH = Integer.SIZE;

  VolumeUse {
    if (reach < LIVE || reach > MAX_REACH) {
      throw new IllegalArgumentException("there is no reach of " + reach);
    }
  }

  /// Told of bytes in use.
  interface Counter {
    void bytes(VolumeUse use, long count);
  }

  /// Tells what an entry keeps in use.
  static void of(IndexEntry entry, Counter counter) {
    int volume = entry.record().volume();
    int reach =
        entry.isPresent()
            ? LIVE
            : Integer.SIZE - Integer.numberOfLeadingZeros(volume - entry.oldestVolume());
    counter.bytes(new VolumeUse(volume, reach), entry.record().length());
    if (entry.body() instanceof BodyLocation.InRecord body && !body.at().equals(entry.record())) {
      counter.bytes(new VolumeUse(body.at().volume(), LIVE), body.at().length());
    }
  }

  boolean isLive() {
    return reach == LIVE;
  }

  /// The first volume that may hold an older record of the keys; the volume itself for none.
  int oldest() {
    return reach == LIVE ? volume : (int) Math.max(1, volume - ((1L << reach) - 1));
  }

  byte[] key() {
    return isLive()
        ? Keys.volume(volume)
        : ByteBuffer.allocate(6).put(Keys.GONE_PREFIX).putInt(volume).put((byte) reach).array();
  }

  /// @param rest of a key, behind its first byte
  static VolumeUse read(byte prefix, ByteBuffer rest) {
    return new VolumeUse(rest.getInt(), prefix == Keys.VOLUME_PREFIX ? LIVE : rest.get());
  }

  @Override
  public String toString() {
    return isLive()
        ? "live bytes of volume " + volume
        : "gone bytes of volume " + volume + " back to " + oldest();
  }
}
