package org.martlet.ringbuilder.builder;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.martlet.common.ring.RingDevice;

/// Swift's measure of how far an assignment is from being as unique as possible.
///
/// A domain may hold its even share of a partition's replicas, rounded up at every level. What
/// is above that is counted once for each partition, at its worst level; the figure is that sum
/// as a percentage of all replicas. Weights do not matter: a zone with half the weight makes a
/// ring that cannot reach 0 without overload.
final class Dispersion {
  private Dispersion() {}

  /// @return percent, 0 when no partition could be spread better
  static double percent(Collection<RingDevice> devices, int[][] rows, int parts, int replicas) {
    int ids = devices.stream().mapToInt(device -> device.id().value() + 1).max().orElse(0);
    List<int[]> domainOf = new ArrayList<>();
    List<int[]> most = new ArrayList<>();
    Tier root = Tier.tree(devices);
    for (int level = 1; level <= Tier.LEVELS + 1; level++) {
      int[] domains = new int[ids];
      Arrays.fill(domains, -1);
      Map<Integer, Integer> limits = new HashMap<>();
      number(root, level, (int) Math.ceil(replicas / (double) parts), domains, limits);
      int unplanned = numberTheRest(devices, level, domains, limits.size());
      int[] limit = new int[unplanned];
      limits.forEach((domain, replicasAtMost) -> limit[domain] = replicasAtMost);
      domainOf.add(domains);
      most.add(limit);
    }
    long excess = 0;
    for (int part = 0; part < parts; part++) {
      excess += worstExcess(rows, part, domainOf, most);
    }
    return 100.0 * excess / replicas;
  }

  private static void number(
      Tier tier, int level, int share, int[] domains, Map<Integer, Integer> limits) {
    if (tier.level == level) {
      int domain = limits.size();
      limits.put(domain, tier.device != null ? Math.min(1, share) : share);
      for (Tier leaf : tier.leaves()) {
        if (leaf.device != null) {
          domains[leaf.device.id().value()] = domain;
        }
      }
      return;
    }
    for (Tier child : tier.children) {
      int childShare = (int) Math.ceil(share / (double) tier.children.size());
      number(child, level, childShare, domains, limits);
    }
  }

  /// Devices without weight belong to the domain of a weighted neighbour, else to one of their
  /// own with the limit 0. Returns the number of domains.
  private static int numberTheRest(
      Collection<RingDevice> devices, int level, int[] domains, int numbered) {
    Map<List<Object>, Integer> byKey = new HashMap<>();
    for (RingDevice device : devices) {
      int domain = domains[device.id().value()];
      if (domain >= 0) {
        byKey.put(key(device, level), domain);
      }
    }
    int next = numbered;
    for (RingDevice device : devices) {
      int id = device.id().value();
      if (domains[id] < 0) {
        Integer known = byKey.get(key(device, level));
        domains[id] = known != null ? known : next++;
        byKey.put(key(device, level), domains[id]);
      }
    }
    return next;
  }

  private static List<Object> key(RingDevice device, int level) {
    List<Object> path = List.of(device.region(), device.zone(), device.ip(), device.id());
    return path.subList(0, level);
  }

  private static int worstExcess(int[][] rows, int part, List<int[]> domainOf, List<int[]> most) {
    int worst = 0;
    for (int level = 0; level < domainOf.size(); level++) {
      int[] domains = domainOf.get(level);
      int excess = 0;
      for (int row = 0; row < rows.length && part < rows[row].length; row++) {
        int domain = domains[rows[row][part]];
        // The replicas before this one fill the domain: this one is over, or not.
        excess += countUpTo(rows, part, row, domains, domain) > most.get(level)[domain] ? 1 : 0;
      }
      worst = Math.max(worst, excess);
    }
    return worst;
  }

  private static int countUpTo(int[][] rows, int part, int last, int[] domains, int domain) {
    int count = 0;
    for (int row = 0; row <= last; row++) {
      count += domains[rows[row][part]] == domain ? 1 : 0;
    }
    return count;
  }
}
