package org.martlet.ringbuilder.builder;

/// Which device each replica of each partition is on, while an assignment is worked on.
///
/// A slot is a place for one replica: `partition * width + row`, so that the replicas of a
/// partition lie side by side. A partition beyond a shorter last row has one slot less.
///
/// Not thread-safe.
final class SlotTable {
  private final int parts;
  private final int width;
  private final int longParts;
  private final int[] device;

  private SlotTable(int parts, int width, int longParts) {
    this.parts = parts;
    this.width = width;
    this.longParts = longParts;
    this.device = new int[parts * width];
  }

  /// A table of [RowTable#NONE].
  ///
  /// @param replicas over all partitions
  static SlotTable empty(int parts, int replicas) {
    return of(RowTable.empty(parts, replicas), parts);
  }

  /// @param rows all full but perhaps the last
  static SlotTable of(int[][] rows, int parts) {
    SlotTable table = new SlotTable(parts, rows.length, rows[rows.length - 1].length);
    for (int row = 0; row < rows.length; row++) {
      int[] from = rows[row];
      for (int part = 0; part < from.length; part++) {
        table.device[part * table.width + row] = from[part];
      }
    }
    return table;
  }

  int[][] toRows() {
    int[][] rows = new int[width][];
    for (int row = 0; row < width; row++) {
      rows[row] = new int[row < width - 1 ? parts : longParts];
      for (int part = 0; part < rows[row].length; part++) {
        rows[row][part] = device[part * width + row];
      }
    }
    return rows;
  }

  int parts() {
    return parts;
  }

  /// The slots of a partition, those that a shorter last row leaves out too.
  int width() {
    return width;
  }

  /// The first slot of a partition.
  int first(int part) {
    return part * width;
  }

  /// The slot after the last of a partition.
  int end(int part) {
    return part * width + (part < longParts ? width : width - 1);
  }

  int part(int slot) {
    return slot / width;
  }

  /// The device in a slot, or [RowTable#NONE].
  int at(int slot) {
    return device[slot];
  }

  void put(int slot, int newDevice) {
    device[slot] = newDevice;
  }
}
