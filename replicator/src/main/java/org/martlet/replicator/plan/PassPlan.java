package org.martlet.replicator.plan;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.martlet.common.model.DeviceId;
import org.martlet.common.model.PartitionId;
import org.martlet.common.ring.Ring;
import org.martlet.common.ring.RingDevice;

/// One pass of a device over everything that it shares with others, in the order in which it is to
/// be done: handoffs first, for they stand in for copies that are missing where reads look first.
///
/// @param steps all [PassStep.GiveAway] in order of partition, then all [PassStep.Compare] in order
///     of the peer's id
public record PassPlan(List<PassStep> steps) {
  public PassPlan {
    steps = List.copyOf(steps);
  }

  /// Plans a pass by a ring.
  ///
  /// Where a peer has lost everything, all others find it empty at the same time: each begins with
  /// the partitions of which it is the next primary after the peer, so that they fill it from
  /// different ends instead of sending everything twice.
  ///
  /// A device that the ring does not know gives everything away. Partitions that have no other
  /// primary than this device are in no step.
  ///
  /// @param self the device whose pass it is
  /// @param held the partitions that it holds anything of
  /// @throws IllegalArgumentException if a held partition is not one of the ring's
  public static PassPlan of(Ring ring, DeviceId self, Collection<PartitionId> held) {
    List<PassStep> steps = new ArrayList<>();
    for (PartitionId partition : new TreeSet<>(held)) {
      if (!ring.isPrimary(partition, self)) {
        steps.add(new PassStep.GiveAway(partition, ring.primaries(partition)));
      }
    }
    steps.addAll(comparisons(ring, self));
    return new PassPlan(steps);
  }

  private static List<PassStep.Compare> comparisons(Ring ring, DeviceId self) {
    Map<RingDevice, List<PartitionId>> shared = new TreeMap<>(Comparator.comparing(RingDevice::id));
    for (int part = 0; part < ring.partitionCount(); part++) {
      PartitionId partition = new PartitionId(part);
      if (ring.isPrimary(partition, self)) {
        for (RingDevice primary : ring.primaries(partition)) {
          if (!primary.id().equals(self)) {
            shared.computeIfAbsent(primary, peer -> new ArrayList<>()).add(partition);
          }
        }
      }
    }
    List<PassStep.Compare> comparisons = new ArrayList<>();
    shared.forEach(
        (peer, partitions) -> {
          Predicate<PartitionId> first = partition -> isSource(ring, self, peer, partition);
          List<PartitionId> ordered =
              Stream.concat(
                      partitions.stream().filter(first), partitions.stream().filter(first.negate()))
                  .toList();
          comparisons.add(new PassStep.Compare(peer, ordered));
        });
    return comparisons;
  }

  /// Whether this device is the next primary after the peer: the one whose turn it is first to fill
  /// the peer up.
  private static boolean isSource(
      Ring ring, DeviceId self, RingDevice peer, PartitionId partition) {
    List<RingDevice> primaries = ring.primaries(partition);
    int next = (primaries.indexOf(peer) + 1) % primaries.size();
    return primaries.get(next).id().equals(self);
  }
}
