package org.martlet.containerserver.listing;

import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.martlet.common.kv.KeyValueFault;
import org.martlet.common.model.Digest;
import org.martlet.common.model.Timestamp;
import org.martlet.common.protocol.RowsClock;

/// What a listing's live rows add up to, exactly.
///
/// - Shape on disk: version 2; changed; digest (16 bytes); rows clock: newest, weight; number of
///   policies; each with its index, rows, objects, bytes.
///
/// @param byPolicy by storage policy index; policies that sum up to nothing are absent
/// @param changed a clock of this replica's own: later after every change of the listing
/// @param digest the exclusive-or over every row, deleted ones too, and the listing's own state
/// @param rows how far the rows have come that are there, deleted ones too
public record Totals(
    SortedMap<Integer, OfPolicy> byPolicy, Timestamp changed, Digest digest, RowsClock rows) {
  static final Totals NONE =
      new Totals(new TreeMap<>(), Timestamp.ZERO, Digest.ZERO, RowsClock.ZERO);
  private static final int VERSION = 2;

  public Totals {
    byPolicy = Collections.unmodifiableSortedMap(byPolicy);
  }

  /// @param rows live rows: objects of a container, containers of an account
  /// @param objects live objects, in an account those of its containers
  /// @param bytes the sum of their sizes
  public record OfPolicy(long rows, long objects, long bytes) {
    public static final OfPolicy NONE = new OfPolicy(0, 0, 0);

    OfPolicy plus(OfPolicy other) {
      return new OfPolicy(rows + other.rows, objects + other.objects, bytes + other.bytes);
    }
  }

  /// Gathers changes to totals.
  static final class Sum {
    private final SortedMap<Integer, OfPolicy> byPolicy;
    private RowsClock rows;

    Sum(Totals start) {
      this.byPolicy = new TreeMap<>(start.byPolicy);
      this.rows = start.rows;
    }

    /// Counts a row, live or deleted.
    <R> void add(RowType<R> type, R row) {
      rows = rows.plus(type.clocks(row));
      if (type.isLive(row)) {
        type.count(row, this, 1);
      }
    }

    /// Takes a row out that was counted.
    <R> void remove(RowType<R> type, R row) {
      rows = rows.minus(type.clocks(row));
      if (type.isLive(row)) {
        type.count(row, this, -1);
      }
    }

    void add(int policy, long rows, long objects, long bytes) {
      OfPolicy more = new OfPolicy(rows, objects, bytes);
      byPolicy.compute(policy, (index, sum) -> added(sum, more));
    }

    private static @Nullable OfPolicy added(@Nullable OfPolicy sum, OfPolicy more) {
      OfPolicy total = sum == null ? more : sum.plus(more);
      return total.equals(OfPolicy.NONE) ? null : total;
    }

    Totals toTotals(Timestamp changed, Digest digest) {
      return new Totals(new TreeMap<>(byPolicy), changed, digest, rows);
    }
  }

  /// Over all policies.
  public OfPolicy all() {
    return byPolicy.values().stream().reduce(OfPolicy.NONE, OfPolicy::plus);
  }

  public OfPolicy of(int policy) {
    return byPolicy.getOrDefault(policy, OfPolicy.NONE);
  }

  byte[] encode() {
    RecordWriter out =
        new RecordWriter()
            .u8(VERSION)
            .timestamp(changed)
            .digest(digest)
            .rowsClock(rows)
            .number(byPolicy.size());
    for (Map.Entry<Integer, OfPolicy> entry : byPolicy.entrySet()) {
      OfPolicy sum = entry.getValue();
      out.number(entry.getKey()).signed(sum.rows).signed(sum.objects).signed(sum.bytes);
    }
    return out.toBytes();
  }

  static Totals decode(byte[] bytes) throws KeyValueFault {
    RecordReader in = new RecordReader(bytes, VERSION);
    Timestamp changed = in.timestamp();
    Digest digest = in.digest();
    RowsClock rows = in.rowsClock();
    int policies = in.smallNumber();
    SortedMap<Integer, OfPolicy> byPolicy = new TreeMap<>();
    for (int i = 0; i < policies; i++) {
      byPolicy.put(in.smallNumber(), new OfPolicy(in.signed(), in.signed(), in.signed()));
    }
    in.end();
    return new Totals(byPolicy, changed, digest, rows);
  }
}
