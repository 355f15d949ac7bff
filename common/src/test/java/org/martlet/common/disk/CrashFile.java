package org.martlet.common.disk;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The content of one file of a [CrashDisk]: what is written, and for each sector every state that
/// a power loss may leave it in.
///
/// A sector is written whole, so it survives in one of the states that it had since the last force,
/// each sector by itself. The length survives as one of those that the file had. A sector that the
/// length covers but that was never written reads as zeros or junk.
final class CrashFile {
  static final int SECTOR = 512;

  /// All sector states since the last force; the first is the durable one.
  private final Map<Integer, List<byte[]>> unsynced = new HashMap<>();

  private final List<Integer> unsyncedSizes = new ArrayList<>();

  /// What a failed force has dropped: sectors that read as they were written, but are on stable
  /// storage as these bytes (empty: not at all) until they are written again.
  private final Map<Integer, byte[]> dropped = new HashMap<>();

  private byte[] content = new byte[0];
  private int size;

  int size() {
    return size;
  }

  int read(ByteBuffer into, long position) {
    if (position >= size) {
      return 0;
    }
    int n = Math.min(into.remaining(), size - (int) position);
    into.put(content, (int) position, n);
    return n;
  }

  void write(byte[] data, long position) {
    int from = Math.toIntExact(position);
    int to = Math.addExact(from, data.length);
    if (data.length == 0) {
      return;
    }
    int first = Math.min(from, size) / SECTOR;
    int last = (to - 1) / SECTOR;
    remember(first, last);
    grow(to);
    System.arraycopy(data, 0, content, from, data.length);
    size = Math.max(size, to);
    record(first, last);
  }

  void truncate(int newSize) {
    if (newSize >= size) {
      return;
    }
    int first = newSize / SECTOR;
    int last = (size - 1) / SECTOR;
    remember(first, last);
    Arrays.fill(content, newSize, size, (byte) 0);
    size = newSize;
    record(first, last);
  }

  void force() {
    unsynced.clear();
    unsyncedSizes.clear();
  }

  /// A force that fails: nothing of what it should have forced is on stable storage, or will be by
  /// itself, though it can be read. The length is the one thing that the next force makes good.
  void failForce() {
    unsynced.forEach((sector, states) -> dropped.putIfAbsent(sector, states.getFirst()));
    unsynced.clear();
  }

  boolean isSynced() {
    return unsyncedSizes.isEmpty();
  }

  /// Before a change: keeps the durable state of sectors that change for the first time.
  private void remember(int first, int last) {
    if (unsyncedSizes.isEmpty()) {
      unsyncedSizes.add(size);
    }
    for (int sector = first; sector <= last; sector++) {
      if (!unsynced.containsKey(sector)) {
        List<byte[]> states = new ArrayList<>();
        byte[] lost = dropped.remove(sector);
        states.add(lost == null ? durable(sector) : lost);
        unsynced.put(sector, states);
      }
    }
  }

  /// Of a sector that was not changed since the last force; empty if it did not exist.
  private byte[] durable(int sector) {
    return sector * SECTOR < size ? sector(sector) : new byte[0];
  }

  /// After a change: the sectors and the size as they are now are states that may survive.
  private void record(int first, int last) {
    for (int sector = first; sector <= last; sector++) {
      unsynced.get(sector).add(sector(sector));
    }
    unsyncedSizes.add(size);
  }

  private byte[] sector(int sector) {
    int from = sector * SECTOR;
    return Arrays.copyOfRange(content, from, from + SECTOR);
  }

  private void grow(int needed) {
    if (needed > content.length) {
      content = Arrays.copyOf(content, Math.max(needed, content.length * 2));
    }
  }

  /// The file as a power loss leaves it. This one is not changed.
  CrashFile crash(CrashChoice choice) {
    CrashFile left = new CrashFile();
    left.size = isSynced() ? size : unsyncedSizes.get(choice.below(unsyncedSizes.size()));
    left.content = Arrays.copyOf(content, left.size);
    for (Map.Entry<Integer, byte[]> entry : dropped.entrySet()) {
      byte[] state = entry.getValue();
      left.overwrite(entry.getKey() * SECTOR, state.length > 0 ? state : fresh(choice));
    }
    for (Map.Entry<Integer, List<byte[]>> entry : unsynced.entrySet()) {
      List<byte[]> states = entry.getValue();
      byte[] state = states.get(choice.below(states.size()));
      left.overwrite(entry.getKey() * SECTOR, state.length > 0 ? state : fresh(choice));
    }
    return left;
  }

  private static byte[] fresh(CrashChoice choice) {
    byte[] sector = new byte[SECTOR];
    if (choice.junk()) {
      for (int i = 0; i < SECTOR; i++) {
        sector[i] = (byte) choice.below(256);
      }
    }
    return sector;
  }

  private void overwrite(int from, byte[] sector) {
    int n = Math.min(sector.length, size - from);
    if (n > 0) {
      System.arraycopy(sector, 0, content, from, n);
    }
  }
}
