package org.martlet.containerserver.listing;

import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.martlet.common.kv.KeyValueFault;
import org.martlet.common.model.Timestamp;
import org.martlet.common.protocol.ContainerStat;
import org.martlet.common.protocol.ContainerStat.Usage;
import org.martlet.common.protocol.Incarnation;
import org.martlet.common.protocol.RowsClock;

/// An account's rows: one a container, live or deleted.
///
/// - Join: put and delete clocks take the later; the policy is that of the incarnation in force;
///   counts are those of the rows that have come furthest (at equal clocks the larger counts), so
///   that a server whose clock is ahead does not outvote one that has more rows.
/// - Live: Swift's rule, deleted means that the delete is later than the put and nothing is left.
/// - Shape: version 2; put, deleted; incarnation: after, at, policy index; counted: newest, weight;
///   number of policies; each with its index, objects, bytes.
final class ContainerRows implements RowType<ContainerStat> {
  private static final int VERSION = 2;

  private static final Comparator<ContainerStat> REPORT_ORDER =
      Comparator.comparing(ContainerStat::counted)
          .thenComparing(ContainerStat::usage, ContainerRows::compareUsage);

  @Override
  public String name(ContainerStat row) {
    return row.name();
  }

  @Override
  public ContainerStat merge(ContainerStat a, ContainerStat b) {
    ContainerStat report = REPORT_ORDER.compare(a, b) >= 0 ? a : b;
    return new ContainerStat(
        report.name(),
        Timestamp.max(a.put(), b.put()),
        Timestamp.max(a.deleted(), b.deleted()),
        Incarnation.merge(a.incarnation(), b.incarnation()),
        report.counted(),
        report.usage());
  }

  private static int compareUsage(SortedMap<Integer, Usage> a, SortedMap<Integer, Usage> b) {
    Iterator<Map.Entry<Integer, Usage>> left = a.entrySet().iterator();
    Iterator<Map.Entry<Integer, Usage>> right = b.entrySet().iterator();
    while (left.hasNext() && right.hasNext()) {
      int order = compareEntries(left.next(), right.next());
      if (order != 0) {
        return order;
      }
    }
    return Boolean.compare(left.hasNext(), right.hasNext());
  }

  private static int compareEntries(Map.Entry<Integer, Usage> a, Map.Entry<Integer, Usage> b) {
    int byPolicy = a.getKey().compareTo(b.getKey());
    if (byPolicy != 0) {
      return byPolicy;
    }
    int byObjects = Long.compare(a.getValue().objects(), b.getValue().objects());
    return byObjects != 0 ? byObjects : Long.compare(a.getValue().bytes(), b.getValue().bytes());
  }

  @Override
  public boolean isLive(ContainerStat row) {
    return !row.deleted().isAfter(row.put())
        || row.usage().values().stream().anyMatch(usage -> usage.objects() > 0);
  }

  @Override
  public List<Timestamp> clocks(ContainerStat row) {
    return List.of(row.put(), row.deleted(), row.counted().newest());
  }

  @Override
  public void check(ListingId listing, ContainerStat row) {
    EntryChecks.check(listing.path(), row);
  }

  @Override
  public int policy(ContainerStat row) {
    return row.policy();
  }

  @Override
  public boolean listsOwnPolicyOnly() {
    return false;
  }

  @Override
  public void count(ContainerStat row, Totals.Sum sum, int sign) {
    sum.add(row.policy(), sign, 0, 0);
    row.usage()
        .forEach(
            (policy, usage) -> sum.add(policy, 0, sign * usage.objects(), sign * usage.bytes()));
  }

  @Override
  public byte[] encode(ContainerStat row) {
    RecordWriter out =
        new RecordWriter()
            .u8(VERSION)
            .timestamp(row.put())
            .timestamp(row.deleted())
            .incarnation(row.incarnation())
            .rowsClock(row.counted())
            .number(row.usage().size());
    row.usage()
        .forEach(
            (policy, usage) -> out.number(policy).number(usage.objects()).number(usage.bytes()));
    return out.toBytes();
  }

  @Override
  public ContainerStat decode(String name, byte[] bytes) throws KeyValueFault {
    RecordReader in = new RecordReader(bytes, VERSION);
    Timestamp put = in.timestamp();
    Timestamp deleted = in.timestamp();
    Incarnation incarnation = in.incarnation();
    RowsClock counted = in.rowsClock();
    int policies = in.smallNumber();
    SortedMap<Integer, Usage> usage = new TreeMap<>();
    for (int i = 0; i < policies; i++) {
      usage.put(in.smallNumber(), new Usage(in.number(), in.number()));
    }
    in.end();
    return new ContainerStat(name, put, deleted, incarnation, counted, usage);
  }
}
