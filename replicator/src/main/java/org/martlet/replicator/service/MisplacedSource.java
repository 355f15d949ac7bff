package org.martlet.replicator.service;

import java.util.List;
import java.util.Optional;
import org.martlet.common.model.ObjectHash;
import org.martlet.common.model.ObjectPath;
import org.martlet.common.model.Timestamp;
import org.martlet.common.protocol.ListingRow;
import org.martlet.replicator.run.ReplicaFault;

/// Tells which containers of a device list objects of another storage policy than their own.
public interface MisplacedSource {
  /// A container that may have such rows.
  ///
  /// @param changed when it last changed, to be given back by [#settled]
  record Marked(ObjectPath container, ObjectHash hash, Timestamp changed) {}

  /// @param next where the next page begins; empty after the last
  record Containers(List<Marked> containers, Optional<String> next) {
    public Containers {
      containers = List.copyOf(containers);
    }
  }

  /// @param rows of another policy, deleted ones too
  /// @param next where the next page begins; empty after the last
  record Rows(List<ListingRow> rows, Optional<String> next) {
    public Rows {
      rows = List.copyOf(rows);
    }
  }

  /// @param from what the page before said; empty for the first
  Containers containers(Optional<String> from, int limit) throws ReplicaFault;

  /// @param from what the page before said; empty for the first
  Rows rows(Marked container, Optional<String> from, int limit) throws ReplicaFault;

  /// Takes a container's mark away, unless it has changed since.
  void settled(Marked container) throws ReplicaFault;
}
