package org.martlet.replicator.service;

import java.util.List;
import java.util.Optional;
import org.martlet.common.model.ObjectPath;
import org.martlet.replicator.run.ReplicaFault;

/// Tells which objects of a device have passed their time.
public interface ExpiringSource {
  /// An object as the device has it.
  ///
  /// @param deleteAt seconds since the epoch
  record Expiring(ObjectPath path, int policy, long deleteAt) {}

  /// @param next where the next page begins; empty after the last
  record Page(List<Expiring> objects, Optional<String> next) {
    public Page {
      objects = List.copyOf(objects);
    }
  }

  /// Objects whose time was not after a moment, first those that were due first.
  ///
  /// @param before seconds since the epoch, inclusive
  /// @param after what the page before said; empty for the first
  Page expiring(long before, Optional<String> after, int limit) throws ReplicaFault;
}
