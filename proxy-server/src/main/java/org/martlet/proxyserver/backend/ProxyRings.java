package org.martlet.proxyserver.backend;

import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.martlet.common.ring.RingHolder;

/// The rings that a proxy works with.
///
/// @param account where accounts are
/// @param container where containers are
/// @param objects where objects are, by the storage policy's index
public record ProxyRings(
    RingHolder account, RingHolder container, Map<Integer, RingHolder> objects) {
  public ProxyRings {
    objects = Map.copyOf(objects);
  }

  Optional<RingHolder> object(int policy) {
    @Nullable RingHolder holder = objects.get(policy);
    return Optional.ofNullable(holder);
  }
}
