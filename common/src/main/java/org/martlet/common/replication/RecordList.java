package org.martlet.common.replication;

import java.nio.ByteBuffer;
import java.util.List;
import org.martlet.common.model.ObjectHash;

/// What a device has of objects, as [RecordEntry]s.
///
/// - Shape: an [ItemList] `MRL` of 16 bytes of hash, the clocks ([#CLOCK_BYTES]) and u64 sequence.
///   Clocks: u8 1 for a tombstone, data, content type and metadata clock (each u64 ticks, u64
///   offset), 16 bytes of ETag, u64 size, u32 headers tag.
public final class RecordList {
  /// The most entries of one list.
  public static final int MAX_ENTRIES = 10_000;

  static final int CLOCK_BYTES = 1 + 3 * 16 + 16 + Long.BYTES + Integer.BYTES;

  private static final ItemList<RecordEntry> LIST =
      new ItemList<>(
          "MRL", ObjectHash.BYTES + CLOCK_BYTES + Long.BYTES, RecordList::write, RecordList::read);

  /// The bytes of the longest list.
  public static final int MAX_BYTES = (int) LIST.bytes(MAX_ENTRIES);

  private RecordList() {}

  public static byte[] encode(List<RecordEntry> entries) {
    return LIST.encode(entries);
  }

  /// @throws IllegalArgumentException with words for the sender if this is no such list
  public static List<RecordEntry> decode(byte[] bytes) {
    return LIST.decode(bytes, MAX_ENTRIES);
  }

  private static void write(RecordEntry entry, ByteBuffer to) {
    entry.hash().write(to);
    ClockCodec.write(entry.clocks(), to);
    to.putLong(entry.sequence());
  }

  private static RecordEntry read(ByteBuffer from) {
    return new RecordEntry(ObjectHash.read(from), ClockCodec.read(from), from.getLong());
  }
}
