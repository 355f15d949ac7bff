package org.martlet.common.replication;

import java.util.ArrayList;
import java.util.List;
import org.martlet.common.model.Digest;

/// The digests of one listing: of all of it, of its own state, and of its rows by the first byte of
/// the hash of a row's path.
///
/// - Shape: `MLS`, u8 version (1); digest of all, digest of the state, 256 digests, 16 bytes each.
///
/// @param leaves 256
public record ListingSummary(Digest all, Digest state, List<Digest> leaves) {
  public static final int LEAVES = 256;
  private static final String LETTERS = "MLS";

  /// The bytes of a summary.
  public static final int BYTES = 4 + (2 + LEAVES) * Digest.BYTES;

  public ListingSummary {
    leaves = List.copyOf(leaves);
    if (leaves.size() != LEAVES) {
      throw new IllegalArgumentException("a listing has 256 leaves, not " + leaves.size());
    }
  }

  public byte[] encode() {
    FrameWriter out = new FrameWriter(LETTERS).digest(all).digest(state);
    leaves.forEach(out::digest);
    return out.toBytes();
  }

  /// @throws IllegalArgumentException with words for the sender if this is no such summary
  public static ListingSummary decode(byte[] bytes) {
    FrameParser in = new FrameParser(LETTERS, bytes);
    Digest all = in.digest();
    Digest state = in.digest();
    List<Digest> leaves = new ArrayList<>(LEAVES);
    for (int n = 0; n < LEAVES; n++) {
      leaves.add(in.digest());
    }
    in.end();
    return new ListingSummary(all, state, leaves);
  }
}
