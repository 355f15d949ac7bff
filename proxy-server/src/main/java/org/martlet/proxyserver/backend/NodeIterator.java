package org.martlet.proxyserver.backend;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.martlet.common.model.PartitionId;
import org.martlet.common.ring.Ring;
import org.martlet.common.ring.RingDevice;

/// The devices to ask about a partition, best first: primaries, for reads the primaries of the
/// previous ring, then handoffs, each once.
///
/// Which devices these are follows from the ring alone: the first `nodesPerReplica` a replica.
/// Those that failed lately come last, but nobody beyond takes their place: what a write was
/// acknowledged with is where a read looks for it, whoever was down meanwhile. For a read the
/// devices that the previous ring would have given are among them.
///
/// - Threads: not safe.
public final class NodeIterator {
  private final ErrorLimiter limiter;
  private final Deque<BackendNode> first = new ArrayDeque<>();
  private final Deque<BackendNode> limitedPrimaries = new ArrayDeque<>();
  private final Deque<BackendNode> limited = new ArrayDeque<>();
  private final Deque<Handoffs> handoffs = new ArrayDeque<>();
  private final Set<String> seen = new HashSet<>();

  /// Handoffs of one ring that are still to be looked at.
  private static final class Handoffs {
    private final Iterator<RingDevice> devices;
    private final PartitionId partition;
    private int left;

    Handoffs(Ring ring, PartitionId partition, int left) {
      this.devices = ring.handoffs(partition).iterator();
      this.partition = partition;
      this.left = left;
    }

    boolean hasNext() {
      return left > 0 && devices.hasNext();
    }

    RingDevice next() {
      left--;
      return devices.next();
    }
  }

  private NodeIterator(ErrorLimiter limiter) {
    this.limiter = limiter;
  }

  /// Primaries in their order, then handoffs.
  static NodeIterator forChange(Placement placement, ErrorLimiter limiter, int nodesPerReplica) {
    NodeIterator nodes = new NodeIterator(limiter);
    nodes.addAll(placement.primaries(), placement.partition(), false);
    nodes.addHandoffs(placement.ring(), placement.partition(), nodesPerReplica);
    return nodes;
  }

  /// Primaries in the order given, then old primaries, then handoffs, then old handoffs.
  static NodeIterator forRead(
      Placement placement, ErrorLimiter limiter, int nodesPerReplica, ReadOrder order) {
    NodeIterator nodes = new NodeIterator(limiter);
    nodes.addAll(order.of(placement.primaries()), placement.partition(), false);
    if (placement.previous().isPresent()) {
      Ring old = placement.previous().get();
      PartitionId partition = old.partition(placement.hash());
      nodes.addAll(old.primaries(partition), partition, true);
      nodes.addHandoffs(placement.ring(), placement.partition(), nodesPerReplica);
      nodes.addHandoffs(old, partition, nodesPerReplica);
    } else {
      nodes.addHandoffs(placement.ring(), placement.partition(), nodesPerReplica);
    }
    return nodes;
  }

  /// One device and nobody else.
  static NodeIterator only(BackendNode node, ErrorLimiter limiter) {
    NodeIterator nodes = new NodeIterator(limiter);
    nodes.first.add(node);
    return nodes;
  }

  private void addAll(List<RingDevice> devices, PartitionId partition, boolean handoff) {
    for (RingDevice device : devices) {
      if (seen.add(BackendNode.key(device))) {
        BackendNode node = new BackendNode(device, partition, handoff);
        (limiter.isLimited(device) ? limitedPrimaries : first).add(node);
      }
    }
  }

  private void addHandoffs(Ring ring, PartitionId partition, int nodesPerReplica) {
    int replicas = ring.primaries(partition).size();
    handoffs.add(new Handoffs(ring, partition, replicas * (nodesPerReplica - 1)));
  }

  /// The next device; empty when nobody is left, and then always.
  public Optional<BackendNode> next() {
    BackendNode node = first.poll();
    if (node == null) {
      node = nextHandoff();
    }
    if (node == null) {
      node = limitedPrimaries.poll();
    }
    if (node == null) {
      node = limited.poll();
    }
    return Optional.ofNullable(node);
  }

  private @Nullable BackendNode nextHandoff() {
    while (!handoffs.isEmpty()) {
      Handoffs next = handoffs.getFirst();
      if (!next.hasNext()) {
        handoffs.removeFirst();
        continue;
      }
      RingDevice device = next.next();
      if (seen.add(BackendNode.key(device))) {
        BackendNode node = new BackendNode(device, next.partition, true);
        if (!limiter.isLimited(device)) {
          return node;
        }
        limited.add(node);
      }
    }
    return null;
  }
}
