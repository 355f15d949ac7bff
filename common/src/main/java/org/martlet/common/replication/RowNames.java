package org.martlet.common.replication;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Names of rows, and the order that all listings have: that of their UTF-8 bytes.
///
/// - Shape of a list: `MRN`, u8 version (1), u32 count, each u16 bytes and UTF-8.
public final class RowNames {
  /// The most names of one list.
  public static final int MAX_NAMES = 1_000;

  /// The longest name.
  public static final int MAX_NAME_BYTES = 4_096;

  /// The bytes of the longest list.
  public static final int MAX_BYTES = MAX_NAMES * (2 + MAX_NAME_BYTES) + 64;

  private static final String LETTERS = "MRN";

  private RowNames() {}

  public static byte[] encode(List<String> names) {
    FrameWriter out = new FrameWriter(LETTERS).u32(names.size());
    names.forEach(out::name);
    return out.toBytes();
  }

  /// @throws IllegalArgumentException with words for the sender if this is no such list
  public static List<String> decode(byte[] bytes) {
    FrameParser in = new FrameParser(LETTERS, bytes);
    int count = in.count(MAX_NAMES);
    List<String> names = new ArrayList<>();
    for (int n = 0; n < count; n++) {
      names.add(in.name());
    }
    in.end();
    return names;
  }

  /// How two names stand in a listing.
  public static int compare(String a, String b) {
    return Arrays.compareUnsigned(
        a.getBytes(StandardCharsets.UTF_8), b.getBytes(StandardCharsets.UTF_8));
  }

  /// Sees to it that names come in order, each once.
  static final class Order {
    private @Nullable String before;

    void next(String name) {
      if (before != null && compare(before, name) >= 0) {
        throw new IllegalArgumentException("rows are out of order");
      }
      before = name;
    }
  }
}
