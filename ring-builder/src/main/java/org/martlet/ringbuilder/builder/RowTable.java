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

  /// Whether two tables differ in a partition: another device, or another number of replicas.
  static boolean differ(int[][] one, int[][] other, int part) {
    for (int row = 0; row < Math.max(one.length, other.length); row++) {
      if (entry(one, row, part) != entry(other, row, part)) {
        return true;
      }
    }
    return false;
  }

  /// The device, or less than [#NONE] where a row does not reach so far.
  private static int entry(int[][] rows, int row, int part) {
    return row < rows.length && part < rows[row].length ? rows[row][part] : NONE - 1;
  }

  static int[][] copy(int[][] rows) {
    return Arrays.stream(rows).map(int[]::clone).toArray(int[][]::new);
  }

  /// @throws RingBuilderException naming the first entry that no ring may have
  static void check(int[][] rows, int parts, DeviceRoster roster) throws RingBuilderException {
    int total = Arrays.stream(rows).mapToInt(row -> row.length).sum();
    int full = total / parts;
    for (int row = 0; row < rows.length; row++) {
      int length = row < full ? parts : total % parts;
      if (rows[row].length != length || length == 0) {
        throw new RingBuilderException("the rows of the assignment have the wrong lengths");
      }
    }
    boolean[] known = roster.marked(roster.ids());
    for (int row = 0; row < rows.length; row++) {
      for (int part = 0; part < rows[row].length; part++) {
        int device = rows[row][part];
        if (device < 0 || device >= known.length || !known[device]) {
          throw new RingBuilderException(
              "partition %d, replica %d is on no known device".formatted(part, row));
        }
        for (int before = 0; before < row; before++) {
          if (rows[before][part] == device) {
            throw new RingBuilderException(
                "partition %d is twice on device %d".formatted(part, device));
          }
        }
      }
    }
  }
}
