package org.martlet.ringbuilder.builder;

/// The slots of each device, in random order, as they were when the index was made.
final class SlotIndex {
  private final int[] start;
  private final int[] slots;

  /// @param ids above every device id
  SlotIndex(SlotTable table, Moves moves, Shuffle shuffle, int ids) {
    start = new int[ids + 1];
    for (int part = 0; part < table.parts(); part++) {
      if (!moves.frozen(part)) {
        for (int slot = table.first(part); slot < table.end(part); slot++) {
          start[table.at(slot) + 1]++;
        }
      }
    }
    for (int id = 0; id < ids; id++) {
      start[id + 1] += start[id];
    }
    slots = new int[start[ids]];
    int[] next = start.clone();
    for (int part = 0; part < table.parts(); part++) {
      if (!moves.frozen(part)) {
        for (int slot = table.first(part); slot < table.end(part); slot++) {
          slots[next[table.at(slot)]++] = slot;
        }
      }
    }
    for (int id = 0; id < ids; id++) {
      shuffle.range(slots, start[id], start[id + 1]);
    }
  }

  /// Above every device id.
  int ids() {
    return start.length - 1;
  }

  int count(int device) {
    return start[device + 1] - start[device];
  }

  int slot(int device, int n) {
    return slots[start[device] + n];
  }
}
