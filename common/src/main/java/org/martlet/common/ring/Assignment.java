package org.martlet.common.ring;

import java.util.Arrays;

/// The rows of a ring: for each replica, the device of each partition.
///
/// Two bytes an entry where every id fits ([Narrow]), else four ([Wide]). The rows are owned by
/// this object and never change.
sealed interface Assignment {
  /// The greatest device id that two bytes can hold: 65535 means "none" in files.
  int MAX_NARROW_ID = 65534;

  /// The number of rows: the replica count, rounded up.
  int rows();

  /// The entries of a row; only the last row may be shorter than the others.
  int length(int row);

  /// The device id, unchecked: row and partition must exist.
  int device(int row, int partition);

  final class Narrow implements Assignment {
    private final char[][] values;

    Narrow(char[][] values) {
      this.values = values;
    }

    char[][] values() {
      return values;
    }

    @Override
    public int rows() {
      return values.length;
    }

    @Override
    public int length(int row) {
      return values[row].length;
    }

    @Override
    public int device(int row, int partition) {
      return values[row][partition];
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Narrow that && Arrays.deepEquals(values, that.values);
    }

    @Override
    public int hashCode() {
      return Arrays.deepHashCode(values);
    }
  }

  final class Wide implements Assignment {
    private final int[][] values;

    Wide(int[][] values) {
      this.values = values;
    }

    int[][] values() {
      return values;
    }

    @Override
    public int rows() {
      return values.length;
    }

    @Override
    public int length(int row) {
      return values[row].length;
    }

    @Override
    public int device(int row, int partition) {
      return values[row][partition];
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Wide that && Arrays.deepEquals(values, that.values);
    }

    @Override
    public int hashCode() {
      return Arrays.deepHashCode(values);
    }
  }

  /// Copies the rows into the smaller form that holds them.
  static Assignment copyOf(int[][] rows) {
    boolean narrow = true;
    for (int[] row : rows) {
      for (int device : row) {
        narrow &= device <= MAX_NARROW_ID;
      }
    }
    if (!narrow) {
      return new Wide(Arrays.stream(rows).map(int[]::clone).toArray(int[][]::new));
    }
    char[][] copy = new char[rows.length][];
    for (int row = 0; row < rows.length; row++) {
      copy[row] = new char[rows[row].length];
      for (int partition = 0; partition < rows[row].length; partition++) {
        copy[row][partition] = (char) rows[row][partition];
      }
    }
    return new Narrow(copy);
  }
}
