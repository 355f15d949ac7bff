package org.martlet.containerserver.server;

import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.martlet.common.http.Endpoint;
import org.martlet.common.model.ObjectPath;
import org.martlet.common.model.PathHasher;
import org.martlet.common.ring.Ring;
import org.martlet.common.ring.RingDevice;

/// Account targets by the rings of the moment.
public final class RingAccountTargets implements AccountTargets {
  private final Supplier<Ring> containers;
  private final Supplier<Ring> accounts;
  private final PathHasher hasher;
  private final Predicate<RingDevice> local;

  /// @param containers the container ring, as it is now
  /// @param accounts the account ring, as it is now
  /// @param local whether a device of the container ring is served by this process
  public RingAccountTargets(
      Supplier<Ring> containers,
      Supplier<Ring> accounts,
      PathHasher hasher,
      Predicate<RingDevice> local) {
    this.containers = containers;
    this.accounts = accounts;
    this.hasher = hasher;
    this.local = local;
  }

  @Override
  public Optional<AccountTarget> of(String device, ObjectPath container) {
    Ring ring = accounts.get();
    ObjectPath account = ObjectPath.account(container.account());
    List<RingDevice> replicas = ring.primaries(ring.partition(hasher.hash(account)));
    if (replicas.isEmpty()) {
      return Optional.empty();
    }
    RingDevice target = replicas.get(Math.floorMod(replica(device, container), replicas.size()));
    return Optional.of(
        new AccountTarget(new Endpoint(target.ip(), target.port()), target.device()));
  }

  /// The container replica's index; a handoff has none and spreads by its name.
  private int replica(String device, ObjectPath container) {
    Ring ring = containers.get();
    List<RingDevice> primaries = ring.primaries(ring.partition(hasher.hash(container)));
    for (int i = 0; i < primaries.size(); i++) {
      RingDevice primary = primaries.get(i);
      if (primary.device().equals(device) && local.test(primary)) {
        return i;
      }
    }
    return device.hashCode();
  }
}
