package org.martlet.containerserver.listing;

import com.google.common.base.Ticker;
import java.time.Duration;

/// Where a scan on behalf of another replica ends before its range does: so many found, so many
/// bytes of names, so much time.
///
/// - Threads: one at a time.
final class ScanLimit {
  /// What names of one page may add up to.
  private static final int NAME_BYTES = 4 << 20;

  /// How many rows are looked at between two looks at the clock.
  private static final int CLOCK_EVERY = 64;

  private final Ticker ticker;
  private final long endNanos;
  private int rowsLeft;
  private int bytesLeft = NAME_BYTES;
  private int looked;
  private boolean late;

  private ScanLimit(int rows, Ticker ticker, long endNanos) {
    this.rowsLeft = rows;
    this.ticker = ticker;
    this.endNanos = endNanos;
  }

  static ScanLimit of(int rows, Duration time, Ticker ticker) {
    return new ScanLimit(rows, ticker, ticker.read() + time.toNanos());
  }

  /// Counts a row that was looked at.
  void looked() {
    looked++;
    if (looked % CLOCK_EVERY == 0) {
      late = ticker.read() - endNanos >= 0;
    }
  }

  /// Counts a row that was found.
  void found(int nameBytes) {
    rowsLeft--;
    bytesLeft -= nameBytes;
  }

  boolean isReached() {
    return late || rowsLeft <= 0 || bytesLeft <= 0;
  }
}
