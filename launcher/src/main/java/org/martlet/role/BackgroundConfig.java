package org.martlet.role;

import org.martlet.common.config.ConfigTable;
import org.martlet.replicator.run.ReplicatorConfig;

/// The file `replicator.toml`: the background work of a storage process.
///
/// @param replication how replicas are compared and repaired
public record BackgroundConfig(ReplicatorConfig replication) {
  public static final BackgroundConfig DEFAULT = new BackgroundConfig(ReplicatorConfig.DEFAULT);

  /// Reads the whole file.
  public static BackgroundConfig read(ConfigTable root) {
    return new BackgroundConfig(root.table("replication", ReplicatorConfig::read));
  }
}
