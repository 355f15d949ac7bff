package org.martlet.cluster;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.martlet.common.config.ConfigTable;
import org.martlet.common.config.Secret;
import org.martlet.common.protocol.BackendSignature;
import org.martlet.common.protocol.StoragePolicies;
import org.martlet.common.protocol.StoragePolicy;
import org.martlet.log.LogConfig;

/// The file `cluster.toml`, the same on every machine of a cluster.
///
/// @param common what must be alike everywhere
/// @param policies at least one
/// @param log what each process writes to its log
/// @param disablingFile while it is there, servers say that they are not to be used
public record ClusterConfig(
    Common common, StoragePolicies policies, LogConfig log, Optional<Path> disablingFile) {

  /// Reads the root of the file.
  public static ClusterConfig read(ConfigTable root) {
    Common common = root.table("cluster", Common::read);
    List<StoragePolicy> policies = root.tables("storage_policy", ClusterConfig::policy);
    return new ClusterConfig(
        common,
        new StoragePolicies(
            policies.isEmpty() ? List.of(new StoragePolicy(0, "Policy-0", true, false)) : policies),
        root.table("log", LogConfig::read),
        root.table("health", ClusterConfig::disablingFile));
  }

  static Optional<Path> disablingFile(ConfigTable table) {
    return table.optionalPath("disable_path");
  }

  private static StoragePolicy policy(ConfigTable table) {
    return new StoragePolicy(
        table.integer("index", 0, 0, 9999),
        table.text("name", "Policy-0"),
        table.bool("default", false),
        table.bool("deprecated", false));
  }

  /// The table `[cluster]`.
  ///
  /// @param hashPrefix hashed before every path; it and the suffix may never change
  /// @param hashSuffix hashed after every path
  /// @param secret signs requests between servers and clients' tokens
  /// @param backendAuth whether requests between servers are signed
  /// @param ringDirectory where the ring files are; relative to the file's own directory
  /// @param ringSources where newer rings are fetched from
  public record Common(
      Secret hashPrefix,
      Secret hashSuffix,
      Secret secret,
      BackendAuth backendAuth,
      Path ringDirectory,
      RingSources ringSources) {
    public Common {
      if (hashPrefix.reveal().isEmpty() && hashSuffix.reveal().isEmpty()) {
        throw new IllegalArgumentException(
            "hash_prefix and hash_suffix are both empty: set at least one, and never change it");
      }
      if (secret.reveal().getBytes(StandardCharsets.UTF_8).length
          < BackendSignature.MIN_SECRET_BYTES) {
        throw new IllegalArgumentException(
            "secret has fewer than " + BackendSignature.MIN_SECRET_BYTES + " bytes");
      }
    }

    static Common read(ConfigTable table) {
      return new Common(
          table.secret("hash_prefix", new Secret("")),
          table.secret("hash_suffix", new Secret("")),
          table.requiredSecret("secret"),
          table.choice("backend_auth", BackendAuth.HMAC),
          table.path("ring_directory", Path.of("rings")),
          RingSources.read(table));
    }
  }
}
