package org.martlet.ringbuilder.builder;

import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.martlet.common.ring.RingDevice;

/// The plan by device id: quotas, and the region, zone and server of each device with the most
/// fewest and most replicas of one partition that each may hold.
///
/// Unlike the plan's tree it also knows devices without weight, which may hold nothing.
final class Domains {
  /// What one replica too many costs at each level: any number of lesser faults weighs less.
  private static final long[] COST = {1L << 36, 1L << 24, 1L << 12};

  private static final long DUPLICATE = 1L << 48;

  private final boolean[] usable;
  private final int[] quota;
  private final int[][] domainOf;
  private final int[][] least;
  private final int[][] most;

  Domains(Collection<RingDevice> devices, int ids, Plan plan) {
    usable = new boolean[ids];
    quota = new int[ids];
    domainOf = new int[Tier.LEVELS][ids];
    least = new int[Tier.LEVELS][];
    most = new int[Tier.LEVELS][];
    for (int level = 0; level < Tier.LEVELS; level++) {
      Map<List<Object>, Integer> numbers = new HashMap<>();
      for (RingDevice device : devices) {
        domainOf[level][device.id().value()] =
            numbers.computeIfAbsent(key(device, level), domain -> numbers.size());
      }
      least[level] = new int[numbers.size()];
      most[level] = new int[numbers.size()];
    }
    read(plan.root());
  }

  private void read(Tier tier) {
    if (tier.device != null) {
      usable[tier.device.id().value()] = true;
      quota[tier.device.id().value()] = tier.quota;
    } else if (tier.level > 0) {
      RingDevice any = tier.leaves().getFirst().device;
      if (any != null) {
        int level = tier.level - 1;
        int domain = domainOf[level][any.id().value()];
        least[level][domain] = Plan.least(tier);
        most[level][domain] = Plan.most(tier);
      }
    }
    tier.children.forEach(this::read);
  }

  private static List<Object> key(RingDevice device, int level) {
    return switch (level) {
      case 0 -> List.of(device.region());
      case 1 -> List.of(device.region(), device.zone());
      default -> List.of(device.region(), device.zone(), device.ip());
    };
  }

  /// Whether a device has a weight, and so may be given partitions.
  boolean usable(int device) {
    return usable[device];
  }

  int quota(int device) {
    return quota[device];
  }

  /// How much worse (above 0) or better (below 0) a partition's spread becomes when `row` moves
  /// from its device, if it has one, to another.
  long cost(int[][] rows, int part, int row, int to) {
    int from = rows[row][part];
    long cost = 0;
    for (int level = 0; level < Tier.LEVELS; level++) {
      int[] domains = domainOf[level];
      int target = domains[to];
      int source = from == RowTable.NONE ? -1 : domains[from];
      if (source != target) {
        cost += COST[level] * gaining(level, target, count(rows, part, domains, target));
        if (source >= 0) {
          cost += COST[level] * losing(level, source, count(rows, part, domains, source));
        }
      }
    }
    cost += holds(rows, part, row, to) ? DUPLICATE : 0;
    cost -= from != RowTable.NONE && holds(rows, part, row, from) ? DUPLICATE : 0;
    return cost;
  }

  /// 1 if a domain that holds `count` replicas should not get another, -1 if it needs one.
  private int gaining(int level, int domain, int count) {
    return count >= most[level][domain] ? 1 : count < least[level][domain] ? -1 : 0;
  }

  /// 1 if a domain that holds `count` replicas should not lose one, -1 if it has too many.
  private int losing(int level, int domain, int count) {
    return count > most[level][domain] ? -1 : count <= least[level][domain] ? 1 : 0;
  }

  /// Whether moving one replica could improve a partition's spread, or it is on a device that
  /// is to be emptied.
  boolean misplaced(int[][] rows, int part) {
    for (int row = 0; row < rows.length && part < rows[row].length; row++) {
      int device = rows[row][part];
      if (!usable[device] || holds(rows, part, row, device)) {
        return true;
      }
      for (int level = 0; level < Tier.LEVELS; level++) {
        int domain = domainOf[level][device];
        if (count(rows, part, domainOf[level], domain) > most[level][domain]) {
          return true;
        }
      }
    }
    return lacks(rows, part);
  }

  /// Whether a domain that should always hold a replica holds none, or too few.
  private boolean lacks(int[][] rows, int part) {
    for (int level = 0; level < Tier.LEVELS; level++) {
      for (int domain = 0; domain < least[level].length; domain++) {
        int wanted = least[level][domain];
        if (wanted > 0 && count(rows, part, domainOf[level], domain) < wanted) {
          return true;
        }
      }
    }
    return false;
  }

  private static int count(int[][] rows, int part, int[] domains, int domain) {
    int count = 0;
    for (int row = 0; row < rows.length && part < rows[row].length; row++) {
      int device = rows[row][part];
      count += device != RowTable.NONE && domains[device] == domain ? 1 : 0;
    }
    return count;
  }

  private static boolean holds(int[][] rows, int part, int exceptRow, int device) {
    for (int row = 0; row < rows.length && part < rows[row].length; row++) {
      if (row != exceptRow && rows[row][part] == device) {
        return true;
      }
    }
    return false;
  }

  /// The ids of the devices that may be given partitions, ascending.
  int[] usableDevices() {
    int[] ids = new int[usable.length];
    int found = 0;
    for (int id = 0; id < usable.length; id++) {
      if (usable[id]) {
        ids[found++] = id;
      }
    }
    return Arrays.copyOf(ids, found);
  }
}
