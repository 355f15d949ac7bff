package org.martlet.common.replication;

import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What became of a record that was pushed.
///
/// - Shape of a list: an [ItemList] `MMR` of u8 outcome, u8 1 if clocks follow, and the clocks as
///   in [RecordList], zeros where there are none.
///
/// @param now what the receiver has on stable storage now; null if it has nothing, or did not look
public record MergeResult(Outcome outcome, @Nullable RecordClocks now) {
  /// What became of it, with its number on the wire.
  public enum Outcome implements Coded {
    /// It is contained in what the receiver has now, on stable storage.
    MERGED(0),
    /// By its own ring the receiver is no primary of it: nothing was stored.
    NOT_PRIMARY(1),
    /// Its body was not sent, and the receiver does not have it.
    BODY_NEEDED(2),
    /// Busy, full, or not to be used now.
    TRY_LATER(3),
    /// It is not what it says it is, or can never be stored: sending it again is no use.
    REFUSED(4);

    private final int code;

    Outcome(int code) {
      this.code = code;
    }

    @Override
    public int code() {
      return code;
    }
  }

  private static final int ITEM_BYTES = 2 + RecordList.CLOCK_BYTES;
  private static final ItemList<MergeResult> LIST =
      new ItemList<>("MMR", ITEM_BYTES, MergeResult::write, MergeResult::read);

  /// The bytes of the longest list.
  public static final int MAX_BYTES = (int) LIST.bytes(HashList.MAX_ENTRIES);

  public static byte[] encode(List<MergeResult> results) {
    return LIST.encode(results);
  }

  /// @throws IllegalArgumentException with words for the sender if this is no such list
  public static List<MergeResult> decode(byte[] bytes) {
    return LIST.decode(bytes, HashList.MAX_ENTRIES);
  }

  private static void write(MergeResult result, ByteBuffer to) {
    RecordClocks now = result.now;
    to.put((byte) result.outcome.code()).put((byte) (now == null ? 0 : 1));
    if (now == null) {
      to.put(new byte[RecordList.CLOCK_BYTES]);
    } else {
      ClockCodec.write(now, to);
    }
  }

  private static MergeResult read(ByteBuffer from) {
    Outcome outcome = Coded.read(Outcome.values(), from);
    byte known = from.get();
    if (known == 1) {
      return new MergeResult(outcome, ClockCodec.read(from));
    }
    from.position(from.position() + RecordList.CLOCK_BYTES);
    return new MergeResult(outcome, null);
  }
}
