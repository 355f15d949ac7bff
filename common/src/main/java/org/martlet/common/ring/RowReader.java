package org.martlet.common.ring;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Arrays;

/// Reads rows of device ids from a stream.
///
/// Nothing is allocated on the word of the file alone: arrays grow with the bytes that really
/// come.
final class RowReader {
  /// More bytes of rows than this are refused.
  static final int MAX_BYTES = 512 << 20;

  private static final int CHUNK = 1 << 16;

  private final Path file;
  private final InputStream in;
  private final int idBytes;
  private final ByteOrder order;
  private final byte[] chunk = new byte[CHUNK];

  /// @param file for the words of a fault
  /// @param idBytes 2 or 4
  RowReader(Path file, InputStream in, int idBytes, ByteOrder order) {
    this.file = file;
    this.in = in;
    this.idBytes = idBytes;
    this.order = order;
  }

  /// Reads up to `entries` ids: fewer only where the stream ends, as it does in a fractional
  /// last row. An id beyond [Assignment#MAX_NARROW_ID] becomes "none", which no ring accepts.
  char[] narrow(int entries) throws IOException {
    char[] row = new char[Math.min(entries, CHUNK)];
    int filled = 0;
    while (filled < entries) {
      ByteBuffer ids = next(entries - filled);
      int got = ids.remaining() / idBytes;
      if (row.length < filled + got) {
        row = Arrays.copyOf(row, grown(row.length, filled + got, entries));
      }
      if (idBytes == 2) {
        ids.asCharBuffer().get(row, filled, got);
      } else {
        for (int i = filled; i < filled + got; i++) {
          int id = ids.getInt();
          row[i] = (char) (id >= 0 && id <= Assignment.MAX_NARROW_ID ? id : 0xffff);
        }
      }
      filled += got;
      if (got == 0) {
        break;
      }
    }
    return filled == row.length ? row : Arrays.copyOf(row, filled);
  }

  /// As [#narrow], for ids of four bytes.
  int[] wide(int entries) throws IOException {
    int[] row = new int[Math.min(entries, CHUNK)];
    int filled = 0;
    while (filled < entries) {
      ByteBuffer ids = next(entries - filled);
      int got = ids.remaining() / idBytes;
      if (row.length < filled + got) {
        row = Arrays.copyOf(row, grown(row.length, filled + got, entries));
      }
      ids.asIntBuffer().get(row, filled, got);
      filled += got;
      if (got == 0) {
        break;
      }
    }
    return filled == row.length ? row : Arrays.copyOf(row, filled);
  }

  private ByteBuffer next(int entries) throws IOException {
    int wanted = (int) Math.min(chunk.length, (long) idBytes * entries);
    int got = in.readNBytes(chunk, 0, wanted);
    if (got % idBytes != 0) {
      throw new RingFileException(file, "the assignment rows end in the middle of a device id");
    }
    return ByteBuffer.wrap(chunk, 0, got).order(order);
  }

  private static int grown(int length, int needed, int most) {
    return (int) Math.min(most, Math.max(2L * length, needed));
  }
}
