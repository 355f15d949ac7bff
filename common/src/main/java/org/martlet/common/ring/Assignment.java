package org.martlet.common.ring;

/// The rows of a ring: for each replica, the device of each partition.
///
/// Two bytes an entry where every id fits ([Narrow]), else four ([Wide]). The entries of one
/// partition lie side by side, so that a lookup in a ring that is larger than the processor's
/// caches waits for memory once, not once a replica. Entries never change.
sealed interface Assignment {
  /// The greatest device id that two bytes can hold: 65535 means "none" in files.
  int MAX_NARROW_ID = 65534;

  /// How many entries there are.
  ///
  /// @param rows the replica count, rounded up
  /// @param partitions of every row but the last
  /// @param ofLast of the last row: fewer where the replica count is fractional
  record Shape(int rows, int partitions, int ofLast) {
    /// @param lengths of the rows
    /// @throws IllegalArgumentException if no ring has such rows
    static Shape of(int partitions, int... lengths) {
      if (lengths.length == 0) {
        throw new IllegalArgumentException(
            "no partition is assigned: the ring was never rebalanced");
      }
      int last = lengths.length - 1;
      for (int row = 0; row < lengths.length; row++) {
        int length = lengths[row];
        boolean mayBeShort = row == last && row > 0;
        if (length > partitions || length == 0 || (length < partitions && !mayBeShort)) {
          throw new IllegalArgumentException(
              "row " + row + " has " + length + " of " + partitions + " partitions");
        }
      }
      if ((long) lengths.length * partitions > Integer.MAX_VALUE - 8) {
        throw new IllegalArgumentException(
            lengths.length + " rows of " + partitions + " partitions are too many");
      }
      return new Shape(lengths.length, partitions, lengths[last]);
    }

    int entries() {
      return rows * partitions;
    }

    int length(int row) {
      return row == rows - 1 ? ofLast : partitions;
    }

    /// How many replicas a partition has.
    int replicas(int partition) {
      return partition < ofLast ? rows : rows - 1;
    }
  }

  Shape shape();

  /// The number of rows: the replica count, rounded up.
  default int rows() {
    return shape().rows();
  }

  /// The entries of a row; only the last row may be shorter than the others.
  default int length(int row) {
    return shape().length(row);
  }

  /// The device id, unchecked: row and partition must exist.
  int device(int row, int partition);

  /// Whether everything is on the same devices.
  default boolean isSameAs(Assignment other) {
    if (!shape().equals(other.shape())) {
      return false;
    }
    for (int partition = 0; partition < shape().partitions(); partition++) {
      for (int row = 0; row < shape().replicas(partition); row++) {
        if (device(row, partition) != other.device(row, partition)) {
          return false;
        }
      }
    }
    return true;
  }

  /// Entries of two bytes.
  final class Narrow implements Assignment {
    private final Shape shape;
    private final int rows;
    private final char[] entries;

    /// Copies rows.
    ///
    /// @throws IllegalArgumentException if no ring has such rows
    Narrow(int partitions, char[][] from) {
      int[] lengths = new int[from.length];
      for (int row = 0; row < lengths.length; row++) {
        lengths[row] = from[row].length;
      }
      this.shape = Shape.of(partitions, lengths);
      this.rows = shape.rows();
      this.entries = new char[shape.entries()];
      for (int row = 0; row < rows; row++) {
        for (int partition = 0; partition < from[row].length; partition++) {
          entries[partition * rows + row] = from[row][partition];
        }
      }
    }

    @Override
    public Shape shape() {
      return shape;
    }

    @Override
    public int device(int row, int partition) {
      return entries[partition * rows + row];
    }
  }

  /// Entries of four bytes.
  final class Wide implements Assignment {
    private final Shape shape;
    private final int rows;
    private final int[] entries;

    /// Copies rows.
    ///
    /// @throws IllegalArgumentException if no ring has such rows
    Wide(int partitions, int[][] from) {
      this.shape = shapeOf(partitions, from);
      this.rows = shape.rows();
      this.entries = new int[shape.entries()];
      for (int row = 0; row < rows; row++) {
        for (int partition = 0; partition < from[row].length; partition++) {
          entries[partition * rows + row] = from[row][partition];
        }
      }
    }

    @Override
    public Shape shape() {
      return shape;
    }

    @Override
    public int device(int row, int partition) {
      return entries[partition * rows + row];
    }
  }

  /// Copies the rows into the smaller form that holds them.
  ///
  /// @throws IllegalArgumentException if no ring has such rows
  static Assignment copyOf(int partitions, int[][] rows) {
    shapeOf(partitions, rows);
    boolean narrow = true;
    for (int[] row : rows) {
      for (int device : row) {
        narrow &= device >= 0 && device <= MAX_NARROW_ID;
      }
    }
    if (!narrow) {
      return new Wide(partitions, rows);
    }
    char[][] copy = new char[rows.length][];
    for (int row = 0; row < rows.length; row++) {
      copy[row] = new char[rows[row].length];
      for (int partition = 0; partition < rows[row].length; partition++) {
        copy[row][partition] = (char) rows[row][partition];
      }
    }
    return new Narrow(partitions, copy);
  }

  private static Shape shapeOf(int partitions, int[][] rows) {
    int[] lengths = new int[rows.length];
    for (int row = 0; row < lengths.length; row++) {
      lengths[row] = rows[row].length;
    }
    return Shape.of(partitions, lengths);
  }
}
