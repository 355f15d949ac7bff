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
/// Devices that failed lately come last, but they are asked: one that is full, or was away a moment
/// ago, may hold the only copies.
///
/// - Bounds: at most `nodesPerReplica` devices a replica, old primaries not counted.
/// - Threads: not safe.
public final class NodeIterator {
  private final Placement placement;
  private final ErrorLimiter limiter;
  private int max;
  private final Deque<BackendNode> first = new ArrayDeque<>();
  private final Deque<BackendNode> limitedPrimaries = new ArrayDeque<>();
  private final Deque<BackendNode> limited = new ArrayDeque<>();
  private final Set<String> seen = new HashSet<>();
  private @Nullable Iterator<RingDevice> handoffs;
  private int given;

  private NodeIterator(Placement placement, ErrorLimiter limiter, int max) {
    this.placement = placement;
    this.limiter = limiter;
    this.max = max;
  }

  /// Primaries in their order, then handoffs.
  static NodeIterator forChange(Placement placement, ErrorLimiter limiter, int nodesPerReplica) {
    NodeIterator nodes =
        new NodeIterator(placement, limiter, placement.replicas() * nodesPerReplica);
    nodes.addAll(placement.primaries(), placement.partition(), false);
    return nodes;
  }

  /// Primaries in the order given, then old primaries, then handoffs.
  static NodeIterator forRead(
      Placement placement, ErrorLimiter limiter, int nodesPerReplica, ReadOrder order) {
    NodeIterator nodes =
        new NodeIterator(placement, limiter, placement.replicas() * nodesPerReplica);
    nodes.addAll(order.of(placement.primaries()), placement.partition(), false);
    if (placement.previous().isPresent()) {
      Ring old = placement.previous().get();
      PartitionId partition = old.partition(placement.hash());
      int primaries = nodes.seen.size();
      nodes.addAll(old.primaries(partition), partition, true);
      nodes.max += nodes.seen.size() - primaries;
    }
    return nodes;
  }

  /// One device and nobody else.
  static NodeIterator only(BackendNode node, Placement placement, ErrorLimiter limiter) {
    NodeIterator nodes = new NodeIterator(placement, limiter, 0);
    nodes.first.add(node);
    nodes.given = placement.replicas();
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

  /// The next device; empty when nobody is left, and then always.
  public Optional<BackendNode> next() {
    BackendNode node = first.poll();
    if (node == null) {
      node = nextHandoff();
    }
    if (node == null) {
      node = limitedPrimaries.poll();
    }
    if (node == null && given < max) {
      node = limited.poll();
    }
    if (node != null) {
      given++;
    }
    return Optional.ofNullable(node);
  }

  private @Nullable BackendNode nextHandoff() {
    if (handoffs == null) {
      handoffs = placement.ring().handoffs(placement.partition()).iterator();
    }
    while (given < max && handoffs.hasNext()) {
      RingDevice device = handoffs.next();
      if (seen.add(BackendNode.key(device))) {
        BackendNode node = new BackendNode(device, placement.partition(), true);
        if (!limiter.isLimited(device)) {
          return node;
        }
        limited.add(node);
      }
    }
    return null;
  }
}
