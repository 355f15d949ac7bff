package org.martlet.objectserver.outbox;

import java.util.List;
import org.martlet.common.model.ObjectPath;

/// Where listings are kept.
@FunctionalInterface
public interface ContainerRing {
  /// The primary devices of a container, in the order of its replicas; at least one. Quick; any
  /// thread.
  List<ContainerNode> replicas(ObjectPath container);
}
