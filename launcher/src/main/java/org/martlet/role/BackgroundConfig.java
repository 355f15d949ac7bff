package org.martlet.role;

import org.martlet.common.config.ConfigTable;
import org.martlet.replicator.run.ReplicatorConfig;
import org.martlet.replicator.service.ExpirerConfig;

/// The file `replicator.toml`: the background work of a storage process.
///
/// @param replication how replicas are compared and repaired
/// @param expirer how objects are deleted whose time is over
public record BackgroundConfig(ReplicatorConfig replication, ExpirerConfig expirer) {
  public static final BackgroundConfig DEFAULT =
      new BackgroundConfig(ReplicatorConfig.DEFAULT, ExpirerConfig.DEFAULT);

  /// Reads the whole file.
  public static BackgroundConfig read(ConfigTable root) {
    return new BackgroundConfig(
        root.table("replication", ReplicatorConfig::read),
        root.table("expirer", ExpirerConfig::read));
  }
}
