package org.martlet.role;

import org.martlet.common.config.ConfigTable;
import org.martlet.replicator.run.ReplicatorConfig;
import org.martlet.replicator.service.AccountReaperConfig;
import org.martlet.replicator.service.ExpirerConfig;
import org.martlet.replicator.service.ReconcilerConfig;

/// The file `replicator.toml`: the background work of a storage process.
///
/// @param replication how replicas are compared and repaired
/// @param expirer how objects are deleted whose time is over
/// @param reaper how deleted accounts are emptied
/// @param reconciler how objects are moved out of wrong storage policies
public record BackgroundConfig(
    ReplicatorConfig replication,
    ExpirerConfig expirer,
    AccountReaperConfig reaper,
    ReconcilerConfig reconciler) {
  public static final BackgroundConfig DEFAULT =
      new BackgroundConfig(
          ReplicatorConfig.DEFAULT,
          ExpirerConfig.DEFAULT,
          AccountReaperConfig.DEFAULT,
          ReconcilerConfig.DEFAULT);

  /// Reads the whole file.
  public static BackgroundConfig read(ConfigTable root) {
    return new BackgroundConfig(
        root.table("replication", ReplicatorConfig::read),
        root.table("expirer", ExpirerConfig::read),
        root.table("account_reaper", AccountReaperConfig::read),
        root.table("reconciler", ReconcilerConfig::read));
  }
}
