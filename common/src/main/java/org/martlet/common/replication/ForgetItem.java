package org.martlet.common.replication;

import java.nio.ByteBuffer;
import java.util.List;
import org.martlet.common.model.ObjectHash;

/// One record that a device is asked to forget, if it is still what it was.
///
/// - Shape of a list: an [ItemList] `MFL` of 16 bytes of hash and u64 sequence; of the outcomes: an
///   [ItemList] `MFR` of u8 each, in the same order.
///
/// @param sequence that it must still have
public record ForgetItem(ObjectHash hash, long sequence) {
  /// What became of it, with its number on the wire.
  public enum Outcome implements Coded {
    /// It is gone, durably.
    FORGOTTEN(0),
    /// It has changed since: it stays.
    CHANGED(1),
    /// It was not there.
    GONE(2),
    /// A listing has yet to hear of it: it stays.
    LISTING_DUE(3),
    /// Busy, full, or not to be used now.
    TRY_LATER(4);

    private final int code;

    Outcome(int code) {
      this.code = code;
    }

    @Override
    public int code() {
      return code;
    }
  }

  private static final ItemList<ForgetItem> LIST =
      new ItemList<>("MFL", ObjectHash.BYTES + Long.BYTES, ForgetItem::write, ForgetItem::read);
  private static final ItemList<Outcome> OUTCOMES =
      new ItemList<>(
          "MFR",
          1,
          (outcome, to) -> to.put((byte) outcome.code()),
          from -> Coded.read(Outcome.values(), from));

  /// The bytes of the longest list.
  public static final int MAX_BYTES = (int) LIST.bytes(HashList.MAX_ENTRIES);

  public static byte[] encode(List<ForgetItem> items) {
    return LIST.encode(items);
  }

  /// @throws IllegalArgumentException with words for the sender if this is no such list
  public static List<ForgetItem> decode(byte[] bytes) {
    return LIST.decode(bytes, HashList.MAX_ENTRIES);
  }

  public static byte[] encodeOutcomes(List<Outcome> outcomes) {
    return OUTCOMES.encode(outcomes);
  }

  /// @throws IllegalArgumentException with words for the sender if this is no such list
  public static List<Outcome> decodeOutcomes(byte[] bytes) {
    return OUTCOMES.decode(bytes, HashList.MAX_ENTRIES);
  }

  private static void write(ForgetItem item, ByteBuffer to) {
    item.hash.write(to);
    to.putLong(item.sequence);
  }

  private static ForgetItem read(ByteBuffer from) {
    return new ForgetItem(ObjectHash.read(from), from.getLong());
  }
}
