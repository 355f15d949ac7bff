package org.martlet.ringbuilder.builder;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.martlet.common.ring.RingDevice;

/// How the replicas of partitions are spread over each region, zone, server and device.
public final class TierTable {
  private TierTable() {}

  /// A region, zone, server or device.
  ///
  /// @param name as `r1`, `r1z2`, `r1z2-10.0.0.1`, `r1z2-10.0.0.1/sda`
  /// @param replicas on it, over all partitions
  /// @param most the replicas of one partition that it should hold at most
  /// @param percent of its replicas that are above that
  /// @param partitions by the number of replicas that are on it, from 0 on
  public record Row(
      String name, int replicas, int most, double percent, List<Integer> partitions) {}

  /// In order of name parts: each domain before what is in it. Those that hold nothing are left
  /// out, as in Swift.
  public static List<Row> of(RingBuilder builder) {
    Map<List<Object>, Integer> limits = new HashMap<>();
    limit(Tier.tree(builder.roster.all()), (int) Math.ceil(builder.replicas), limits);
    List<Row> table = new ArrayList<>();
    Map<String, List<Row>> byName = new HashMap<>();
    for (int level = 1; level <= Tier.LEVELS + 1; level++) {
      for (Row row : level(builder, level, limits)) {
        byName.computeIfAbsent(row.name(), name -> new ArrayList<>()).add(row);
      }
    }
    for (RingDevice device : byPlace(builder.devices())) {
      for (int level = 1; level <= Tier.LEVELS + 1; level++) {
        List<Row> rows = byName.remove(name(device, level));
        table.addAll(rows == null ? List.of() : rows);
      }
    }
    return table;
  }

  private static List<RingDevice> byPlace(List<RingDevice> devices) {
    List<RingDevice> sorted = new ArrayList<>(devices);
    sorted.sort(
        (a, b) -> {
          int region = Integer.compare(a.region(), b.region());
          int zone = region != 0 ? region : Integer.compare(a.zone(), b.zone());
          int ip = zone != 0 ? zone : a.ip().compareTo(b.ip());
          return ip != 0 ? ip : a.id().compareTo(b.id());
        });
    return sorted;
  }

  private static void limit(Tier tier, int share, Map<List<Object>, Integer> limits) {
    if (tier.level > 0) {
      int most = tier.device != null ? Math.min(1, share) : share;
      limits.put(key(tier.anyDevice(), tier.level), most);
    }
    for (Tier child : tier.children) {
      limit(child, (int) Math.ceil(share / (double) tier.children.size()), limits);
    }
  }

  private static List<Row> level(
      RingBuilder builder, int level, Map<List<Object>, Integer> limits) {
    int[] domainOf = new int[builder.roster.nextId()];
    List<RingDevice> domains = new ArrayList<>();
    Map<List<Object>, Integer> numbers = new HashMap<>();
    for (RingDevice device : builder.devices()) {
      domainOf[device.id().value()] =
          numbers.computeIfAbsent(
              key(device, level),
              domain -> {
                domains.add(device);
                return domains.size() - 1;
              });
    }
    int[][] histogram = histogram(builder, domainOf, domains.size());
    List<Row> rows = new ArrayList<>();
    for (int domain = 0; domain < histogram.length; domain++) {
      RingDevice device = domains.get(domain);
      int most = limits.getOrDefault(key(device, level), 0);
      Row row = row(name(device, level), most, histogram[domain]);
      if (row.replicas() > 0) {
        rows.add(row);
      }
    }
    return rows;
  }

  private static Row row(String name, int most, int[] partitions) {
    int replicas = 0;
    int above = 0;
    for (int count = 1; count < partitions.length; count++) {
      replicas += count * partitions[count];
      above += Math.max(0, count - most) * partitions[count];
    }
    double percent = replicas == 0 ? 0 : 100.0 * above / replicas;
    return new Row(name, replicas, most, percent, Arrays.stream(partitions).boxed().toList());
  }

  private static int[][] histogram(RingBuilder builder, int[] domainOf, int domains) {
    int[][] rows = builder.rows;
    int parts = builder.partitionCount();
    int most = Math.max(rows.length, (int) Math.ceil(builder.replicas));
    int[][] histogram = new int[domains][most + 1];
    for (int part = 0; part < parts; part++) {
      for (int row = 0; row < rows.length && part < rows[row].length; row++) {
        int domain = domainOf[rows[row][part]];
        int before = 0;
        for (int earlier = 0; earlier < row; earlier++) {
          before += domainOf[rows[earlier][part]] == domain ? 1 : 0;
        }
        histogram[domain][before + 1]++;
        histogram[domain][before] -= before > 0 ? 1 : 0;
      }
    }
    for (int[] counts : histogram) {
      counts[0] = parts - Arrays.stream(counts, 1, counts.length).sum();
    }
    return histogram;
  }

  private static List<Object> key(RingDevice device, int level) {
    List<Object> path = List.of(device.region(), device.zone(), device.ip(), device.id());
    return path.subList(0, level);
  }

  private static String name(RingDevice device, int level) {
    return switch (level) {
      case 1 -> "r" + device.region();
      case 2 -> "r" + device.region() + "z" + device.zone();
      case 3 -> "r" + device.region() + "z" + device.zone() + "-" + device.ip();
      default -> name(device, 3) + "/" + device.device();
    };
  }
}
