package org.martlet.objectserver.server;

import java.util.OptionalInt;
import org.martlet.common.model.ObjectHash;

/// Which replica of an object a device holds.
@FunctionalInterface
public interface ObjectRings {
  /// The number of the replica that a device of this server should hold; empty if it is no primary
  /// of the object, or the policy has no ring. Quick; any thread.
  OptionalInt replica(int policy, ObjectHash hash, String device);
}
