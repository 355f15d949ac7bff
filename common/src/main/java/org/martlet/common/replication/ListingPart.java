package org.martlet.common.replication;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/// A listing's own state and some of its rows, on their way from one replica to another. Both are
/// the container server's own records, with their own versions; nobody else looks into them.
///
/// - Shape: `MLP`, u8 version (1); u32 bytes of the state and the state; u32 count; each row's name
///   (u16 bytes, UTF-8), u32 bytes of its record and the record.
///
/// @param state never empty
/// @param rows in any order
public record ListingPart(ByteBuffer state, List<Row> rows) {
  private static final String LETTERS = "MLP";

  /// The most bytes of one part.
  public static final int MAX_BYTES = 16 << 20;

  /// @param name of the object, or of the container in an account
  public record Row(String name, ByteBuffer record) {
    public Row {
      record = record.asReadOnlyBuffer();
    }

    @Override
    public ByteBuffer record() {
      return record.duplicate();
    }

    /// About what it takes on the wire.
    public int bytes() {
      return 6 + 3 * name.length() + record.remaining();
    }
  }

  public ListingPart {
    state = state.asReadOnlyBuffer();
    rows = List.copyOf(rows);
  }

  @Override
  public ByteBuffer state() {
    return state.duplicate();
  }

  public byte[] encode() {
    FrameWriter out = new FrameWriter(LETTERS).bytes(state()).u32(rows.size());
    rows.forEach(row -> out.name(row.name()).bytes(row.record()));
    return out.toBytes();
  }

  /// @throws IllegalArgumentException with words for the sender if this is no such part
  public static ListingPart decode(byte[] bytes) {
    if (bytes.length > MAX_BYTES) {
      throw new IllegalArgumentException("a part of a listing of " + bytes.length + " bytes");
    }
    FrameParser in = new FrameParser(LETTERS, bytes);
    ByteBuffer state = in.bytes();
    int count = in.count(bytes.length);
    List<Row> rows = new ArrayList<>();
    for (int n = 0; n < count; n++) {
      rows.add(new Row(in.name(), in.bytes()));
    }
    in.end();
    return new ListingPart(state, rows);
  }
}
