package org.martlet.cluster;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.martlet.common.config.ConfigTable;
import org.martlet.common.config.Secret;
import org.martlet.common.protocol.BackendSignature;
import org.martlet.common.protocol.StoragePolicies;
import org.martlet.common.protocol.StoragePolicy;

/// The file `cluster.toml`, the same on every machine of a cluster.
///
/// @param hashPrefix hashed before every path; it and the suffix may never change
/// @param hashSuffix hashed after every path
/// @param secret signs requests between servers and clients' tokens
/// @param backendAuth whether requests between servers are signed
/// @param ringDirectory where the ring files are; relative to the file's own directory
/// @param ringSources where newer rings are fetched from
/// @param policies at least one
public record ClusterConfig(
    Secret hashPrefix,
    Secret hashSuffix,
    Secret secret,
    BackendAuth backendAuth,
    Path ringDirectory,
    RingSources ringSources,
    StoragePolicies policies) {

  /// Reads the root of the file.
  public static ClusterConfig read(ConfigTable root) {
    Cluster cluster = root.table("cluster", Cluster::read);
    List<StoragePolicy> policies = root.tables("storage_policy", ClusterConfig::policy);
    return new ClusterConfig(
        cluster.hashPrefix,
        cluster.hashSuffix,
        cluster.secret,
        cluster.backendAuth,
        cluster.ringDirectory,
        cluster.ringSources,
        new StoragePolicies(
            policies.isEmpty()
                ? List.of(new StoragePolicy(0, "Policy-0", true, false))
                : policies));
  }

  private static StoragePolicy policy(ConfigTable table) {
    return new StoragePolicy(
        table.integer("index", 0, 0, 9999),
        table.text("name", "Policy-0"),
        table.bool("default", false),
        table.bool("deprecated", false));
  }

  private record Cluster(
      Secret hashPrefix,
      Secret hashSuffix,
      Secret secret,
      BackendAuth backendAuth,
      Path ringDirectory,
      RingSources ringSources) {
    Cluster {
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

    static Cluster read(ConfigTable table) {
      return new Cluster(
          table.secret("hash_prefix", new Secret("")),
          table.secret("hash_suffix", new Secret("")),
          table.requiredSecret("secret"),
          table.choice("backend_auth", BackendAuth.HMAC),
          table.path("ring_directory", Path.of("rings")),
          RingSources.read(table));
    }
  }
}
