package org.martlet.ringbuilder.builder;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.martlet.common.ring.RingDevice;

/// The failure domains as numbered nodes: what the plan asks of each, and what it holds.
///
/// Node 0 is the cluster; below it are regions (level 0), zones, servers and devices (level 3).
/// Unlike the plan's tree it also knows devices without weight, which may hold nothing.
///
/// Not thread-safe.
final class DomainTree {
  static final int ROOT = 0;

  /// Regions, zones, servers, devices.
  static final int LEVELS = Tier.LEVELS + 1;

  private final int[][] nodeOf;
  private final int[][] children;
  private final int[] deviceOf;
  private final int[] least;
  private final int[] most;
  private final int[] quota;
  private final int[] held;
  private final int[] usableBelow;
  private final boolean[] demandingBelow;
  private final int[] leastOfLevel = new int[LEVELS];

  /// @param devices those that stay, with and without weight
  /// @param ids above every device id
  DomainTree(Collection<RingDevice> devices, int ids, Plan plan) {
    nodeOf = new int[LEVELS][ids];
    List<List<Integer>> childLists = new ArrayList<>();
    childLists.add(new ArrayList<>());
    for (int[] level : nodeOf) {
      Arrays.fill(level, -1);
    }
    Map<List<Object>, Integer> numbers = new HashMap<>();
    for (RingDevice device : devices) {
      List<Object> path = List.of(device.region(), device.zone(), device.ip(), device.id().value());
      int parent = ROOT;
      for (int level = 0; level < LEVELS; level++) {
        Integer known = numbers.get(path.subList(0, level + 1));
        int node = known != null ? known : childLists.size();
        if (known == null) {
          numbers.put(path.subList(0, level + 1), node);
          childLists.add(new ArrayList<>());
          childLists.get(parent).add(node);
        }
        nodeOf[level][device.id().value()] = node;
        parent = node;
      }
    }
    int nodes = childLists.size();
    children = new int[nodes][];
    Arrays.setAll(children, node -> childLists.get(node).stream().mapToInt(n -> n).toArray());
    deviceOf = new int[nodes];
    Arrays.fill(deviceOf, -1);
    devices.forEach(device -> deviceOf[leaf(device.id().value())] = device.id().value());
    least = new int[nodes];
    most = new int[nodes];
    quota = new int[nodes];
    held = new int[nodes];
    usableBelow = new int[nodes];
    demandingBelow = new boolean[nodes];
    read(plan.root());
  }

  /// Takes over the plan's numbers; returns whether the tier demands a replica of every
  /// partition.
  private boolean read(Tier tier) {
    int node = ROOT;
    if (tier.level > 0) {
      RingDevice any = tier.anyDevice();
      node = nodeOf[tier.level - 1][any.id().value()];
      leastOfLevel[tier.level - 1] += Plan.least(tier);
    }
    least[node] = Plan.least(tier);
    most[node] = Plan.most(tier);
    quota[node] = tier.quota;
    usableBelow[node] = tier.devices;
    boolean demanding = false;
    for (Tier child : tier.children) {
      demanding |= read(child);
    }
    demandingBelow[node] = demanding;
    return demanding || Plan.least(tier) > 0;
  }

  int nodes() {
    return children.length;
  }

  /// The node of a device's region, zone or server, or its own.
  int node(int level, int device) {
    return nodeOf[level][device];
  }

  int leaf(int device) {
    return nodeOf[LEVELS - 1][device];
  }

  /// The device of a leaf.
  int device(int leaf) {
    return deviceOf[leaf];
  }

  int[] children(int node) {
    return children[node];
  }

  /// The fewest replicas that a domain should hold of each partition.
  int least(int node) {
    return least[node];
  }

  /// The most replicas that a domain should hold of a partition.
  int most(int node) {
    return most[node];
  }

  /// The sum of [#least] over the domains of a level.
  int leastOfLevel(int level) {
    return leastOfLevel[level];
  }

  /// Devices with weight in a domain.
  int usableBelow(int node) {
    return usableBelow[node];
  }

  /// Whether a domain inside this one should hold some of every partition.
  boolean demandingBelow(int node) {
    return demandingBelow[node];
  }

  /// Whether a device has a weight, and so may be given partitions.
  boolean usable(int device) {
    return usableBelow[leaf(device)] > 0;
  }

  int quota(int node) {
    return quota[node];
  }

  int held(int node) {
    return held[node];
  }

  /// What a domain lacks of its quota; below 0 what it holds too much.
  int need(int node) {
    return quota[node] - held[node];
  }

  /// Counts a replica that comes to a device.
  void arrive(int device) {
    count(device, 1);
  }

  /// Counts a replica that leaves a device.
  void leave(int device) {
    count(device, -1);
  }

  private void count(int device, int replicas) {
    held[ROOT] += replicas;
    for (int[] level : nodeOf) {
      held[level[device]] += replicas;
    }
  }

  /// Counts all that a table holds.
  void arriveAll(SlotTable table) {
    for (int part = 0; part < table.parts(); part++) {
      for (int slot = table.first(part); slot < table.end(part); slot++) {
        if (table.at(slot) != RowTable.NONE) {
          arrive(table.at(slot));
        }
      }
    }
  }
}
