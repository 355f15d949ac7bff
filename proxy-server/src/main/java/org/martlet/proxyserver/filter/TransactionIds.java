package org.martlet.proxyserver.filter;

import java.time.Instant;
import java.util.HexFormat;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.martlet.common.http.PercentCoding;

/// Names for requests: `tx<21 hex>-<10 hex seconds>[suffix][-extra]`.
///
/// - Threads: any, if the source of randomness is.
public final class TransactionIds {
  private static final int MAX_EXTRA = 32;

  private final LongSupplier random;
  private final String suffix;

  /// @param random 64 random bits a call; need not be secret
  /// @param suffix set by the operator, e.g. the cluster's name with a dash before it; may be empty
  public TransactionIds(LongSupplier random, String suffix) {
    this.random = random;
    this.suffix = PercentCoding.encode(suffix);
  }

  /// @param extra what the client wants to find again; its first 32 characters are kept
  String next(Instant now, @Nullable String extra) {
    HexFormat hex = HexFormat.of();
    StringBuilder id = new StringBuilder(40).append("tx");
    id.append(hex.toHexDigits(random.getAsLong()));
    id.append(hex.toHexDigits(random.getAsLong(), 5));
    id.append('-').append(hex.toHexDigits(now.getEpochSecond(), 10)).append(suffix);
    if (extra != null && !extra.isEmpty()) {
      String kept = extra.length() <= MAX_EXTRA ? extra : extra.substring(0, MAX_EXTRA);
      id.append('-').append(PercentCoding.encodeLatin1(kept, ""));
    }
    return id.toString();
  }
}
