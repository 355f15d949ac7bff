package org.martlet.common.ring;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/// The handoff order written down a second time, plainly and eagerly, to hold the lazy walk
/// against.
final class SwiftHandoffs {
  private SwiftHandoffs() {}

  static List<Integer> of(Ring ring, int part) {
    List<Function<RingDevice, Object>> tiers =
        List.of(
            device -> device.region(),
            device -> device.region() + "/" + device.zone(),
            device -> device.region() + "/" + device.zone() + "/" + device.ip(),
            device -> device.id());
    List<Integer> order = visitOrder(ring, part);
    List<RingDevice> used = new ArrayList<>();
    for (int row = 0; row < ring.rows(); row++) {
      add(ring, row, part, used);
    }
    int primaries = used.size();
    for (Function<RingDevice, Object> tier : tiers) {
      Set<Object> seen = new HashSet<>();
      used.forEach(device -> seen.add(tier.apply(device)));
      for (int visited : order) {
        for (int row = 0; row < ring.rows(); row++) {
          if (visited < ring.assignment().length(row)) {
            RingDevice device = ring.deviceAt(ring.assignment().device(row, visited));
            if (!used.contains(device) && seen.add(tier.apply(device))) {
              used.add(device);
            }
          }
        }
      }
    }
    return used.subList(primaries, used.size()).stream().map(d -> d.id().value()).toList();
  }

  private static void add(Ring ring, int row, int part, List<RingDevice> used) {
    if (part < ring.assignment().length(row)) {
      RingDevice device = ring.deviceAt(ring.assignment().device(row, part));
      if (!used.contains(device)) {
        used.add(device);
      }
    }
  }

  private static List<Integer> visitOrder(Ring ring, int part) {
    int parts = ring.partitionCount();
    int start = HandoffIterator.startOf(part, ring.partPower());
    int inc = Math.max(1, parts / 65536);
    List<Integer> order = new ArrayList<>();
    for (int at = start; at < parts; at += inc) {
      order.add(at);
    }
    for (int at = inc - ((parts - start) % inc); at < start; at += inc) {
      order.add(at);
    }
    return order;
  }
}
