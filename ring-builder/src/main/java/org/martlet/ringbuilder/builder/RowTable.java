package org.martlet.ringbuilder.builder;

import java.util.Arrays;

/// Rows of device ids by replica and partition, as the builder changes them.
///
/// All rows are full but the last, which is shorter when the replica count is fractional.
final class RowTable {
  /// No device yet.
  static final int NONE = -1;

  private RowTable() {}

  static int[][] empty(int parts, int replicas) {
    return resize(new int[0][], parts, replicas);
  }

  /// Copies, cuts off what is too much and adds unassigned entries where there is too little.
  static int[][] resize(int[][] rows, int parts, int replicas) {
    int full = replicas / parts;
    int extra = replicas % parts;
    int[][] resized = new int[extra == 0 ? full : full + 1][];
    for (int row = 0; row < resized.length; row++) {
      int length = row < full ? parts : extra;
      int old = row < rows.length ? Math.min(rows[row].length, length) : 0;
      resized[row] = old == 0 ? new int[length] : Arrays.copyOf(rows[row], length);
      Arrays.fill(resized[row], old, length, NONE);
    }
    return resized;
  }

  /// Partition replicas by device id.
  static int[] count(int[][] rows, int ids) {
    int[] count = new int[ids];
    for (int[] row : rows) {
      for (int device : row) {
        if (device != NONE) {
          count[device]++;
        }
      }
    }
    return count;
  }

  /// The entries of the new table that the old one did not have.
  static int changes(int[][] old, int[][] now) {
    int changes = 0;
    for (int row = 0; row < now.length; row++) {
      for (int part = 0; part < now[row].length; part++) {
        boolean same =
            row < old.length && part < old[row].length && old[row][part] == now[row][part];
        changes += same ? 0 : 1;
      }
    }
    return changes;
  }
}
