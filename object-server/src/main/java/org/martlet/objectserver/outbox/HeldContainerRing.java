package org.martlet.objectserver.outbox;

import java.util.List;
import org.martlet.common.http.Endpoint;
import org.martlet.common.model.ObjectPath;
import org.martlet.common.model.PathHasher;
import org.martlet.common.ring.Ring;
import org.martlet.common.ring.RingHolder;

/// The container ring that is in charge at the moment of the question.
public record HeldContainerRing(RingHolder holder, PathHasher hasher) implements ContainerRing {
  @Override
  public List<ContainerNode> replicas(ObjectPath container) {
    Ring ring = holder.current();
    return ring.primaries(ring.partition(hasher.hash(container))).stream()
        .map(device -> new ContainerNode(new Endpoint(device.ip(), device.port()), device.device()))
        .toList();
  }
}
