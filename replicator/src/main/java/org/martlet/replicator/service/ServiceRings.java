package org.martlet.replicator.service;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.martlet.common.ring.Ring;

/// The rings as they are now.
///
/// @param objects by the storage policy's index
public record ServiceRings(
    Supplier<Ring> account, Supplier<Ring> container, Map<Integer, Supplier<Ring>> objects) {
  public ServiceRings {
    objects = Map.copyOf(objects);
  }

  /// Empty for a policy that the cluster has not.
  Optional<Ring> object(int policy) {
    @Nullable Supplier<Ring> ring = objects.get(policy);
    return Optional.ofNullable(ring).map(Supplier::get);
  }

  Set<Integer> policies() {
    return objects.keySet();
  }
}
