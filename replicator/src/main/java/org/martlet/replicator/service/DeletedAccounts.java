package org.martlet.replicator.service;

import java.util.List;
import java.util.Optional;
import org.martlet.common.model.Timestamp;
import org.martlet.replicator.run.ReplicaFault;

/// Tells which accounts of a device are marked as deleted and still have containers.
public interface DeletedAccounts {
  /// @param deleted when it was deleted
  record Deleted(String account, Timestamp deleted) {}

  /// @param next where the next page begins; empty after the last
  record Page(List<Deleted> accounts, Optional<String> next) {
    public Page {
      accounts = List.copyOf(accounts);
    }
  }

  /// @param from what the page before said; empty for the first
  Page deleted(Optional<String> from, int limit) throws ReplicaFault;
}
