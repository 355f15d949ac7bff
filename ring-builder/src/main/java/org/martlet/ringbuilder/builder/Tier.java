package org.martlet.ringbuilder.builder;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.martlet.common.ring.RingDevice;

/// A failure domain: the cluster, a region, a zone, a server or a device, with the domains in
/// it.
///
/// Holds only devices of positive weight. The numbers are filled in by [Plan], in replicas of
/// one partition ("replicanths" in Swift: 1.5 means one replica of every partition and a second
/// of half of them).
final class Tier {
  /// Domains between the cluster and the devices: region, zone, server.
  static final int LEVELS = 3;

  /// 0 for the cluster, 1 region, 2 zone, 3 server, 4 device.
  final int level;

  final @Nullable RingDevice device;
  final List<Tier> children = new ArrayList<>();

  int devices;

  /// What the weights alone ask for.
  double weighted;

  /// What is needed to be as unique as possible, with the weights deciding among equals.
  double wanted;

  /// Between the two, as far as the overload allows: what is aimed at.
  double target;

  /// An even share of the parent's, regardless of weights.
  double evenShare;

  /// Partition replicas that it should hold.
  int quota;

  /// Partition replicas that it holds now.
  int held;

  private Tier(int level, @Nullable RingDevice device) {
    this.level = level;
    this.device = device;
  }

  /// The tree of the devices that have a positive weight; a server is its ip, whatever the
  /// port.
  static Tier tree(Collection<RingDevice> devices) {
    List<RingDevice> weighty = devices.stream().filter(device -> device.weight() > 0).toList();
    List<Function<RingDevice, Comparable<?>>> keys =
        List.of(RingDevice::region, RingDevice::zone, RingDevice::ip, RingDevice::id);
    return grow(0, weighty, keys);
  }

  private static Tier grow(
      int level, List<RingDevice> devices, List<Function<RingDevice, Comparable<?>>> keys) {
    if (level == keys.size()) {
      Tier leaf = new Tier(level, devices.getFirst());
      leaf.devices = 1;
      return leaf;
    }
    TreeMap<Comparable<?>, List<RingDevice>> groups = new TreeMap<>(naturally());
    for (RingDevice device : devices) {
      groups.computeIfAbsent(keys.get(level).apply(device), key -> new ArrayList<>()).add(device);
    }
    Tier tier = new Tier(level, null);
    tier.devices = devices.size();
    groups.values().forEach(group -> tier.children.add(grow(level + 1, group, keys)));
    return tier;
  }

  /// All keys of one level have one type, which the type system cannot see through the list.
  @SuppressWarnings("unchecked")
  private static Comparator<Comparable<?>> naturally() {
    return (a, b) -> ((Comparable<Object>) a).compareTo(b);
  }

  /// The leaves below, or this one if it is a leaf.
  List<Tier> leaves() {
    List<Tier> leaves = new ArrayList<>();
    collectLeaves(leaves);
    return leaves;
  }

  /// Some device in this domain: it says which domain this is.
  RingDevice anyDevice() {
    return device != null ? device : children.getFirst().anyDevice();
  }

  private void collectLeaves(List<Tier> into) {
    if (device != null) {
      into.add(this);
    }
    children.forEach(child -> child.collectLeaves(into));
  }
}
