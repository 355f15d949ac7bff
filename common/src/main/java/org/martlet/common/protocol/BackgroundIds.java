package org.martlet.common.protocol;

import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/// Names requests between servers that follow from no client's request, or from several, so that
/// both sides' log lines can be brought together: `tx<kind>-<start>-<number>`.
///
/// - Threads: any.
public final class BackgroundIds {
  /// How many ids of clients' requests one request of ours names at most.
  public static final int MAX_TOGETHER = 8;

  private static final int MAX_LENGTH = 128;

  private final String prefix;
  private final AtomicLong number = new AtomicLong();

  /// @param kind what the requests are for, e.g. `repl`
  /// @param start tells this process's ids from those of others, and of others before it
  public BackgroundIds(String kind, long start) {
    this.prefix = "tx" + kind + "-" + HexFormat.of().toHexDigits(start, 12) + "-";
  }

  public String next() {
    return prefix + number.incrementAndGet();
  }

  /// The ids of the clients' requests that one of ours follows from, separated by commas: the
  /// first [#MAX_TOGETHER]; a new id if there are none.
  ///
  /// @param ids empty ones do not count
  public String together(Collection<String> ids) {
    List<String> some =
        ids.stream()
            .filter(id -> !id.isEmpty() && id.length() <= MAX_LENGTH)
            .distinct()
            .limit(MAX_TOGETHER)
            .toList();
    return some.isEmpty() ? next() : String.join(",", some);
  }
}
