package org.martlet.containerserver.server;

import java.util.Optional;
import org.martlet.common.model.ObjectPath;

/// Says where the statistics of containers go.
@FunctionalInterface
public interface AccountTargets {
  /// Nobody hears of containers: for tests and tools.
  AccountTargets NONE = (device, container) -> Optional.empty();

  /// The account replica for the replica of a container on a local device: container replica *i*
  /// reports to account replica *i mod n*. Asked at the time of sending, so that a new ring counts
  /// at once.
  ///
  /// - Threads: any; does not block.
  ///
  /// @param device the local device's name
  /// @return empty if no account replica is known
  Optional<AccountTarget> of(String device, ObjectPath container);
}
