package org.martlet.proxyserver;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.martlet.common.config.ConfigTable;
import org.martlet.common.model.ByteSize;
import org.martlet.proxyserver.api.Constraints;
import org.martlet.proxyserver.auth.TempAuthConfig;
import org.martlet.proxyserver.auth.TempAuthUser;
import org.martlet.proxyserver.backend.BackendConfig;
import org.martlet.proxyserver.object.ObjectConfig;

/// Everything that `proxy-server.toml` says; what the whole cluster shares (secret, policies,
/// rings) is not in it.
///
/// @param listen where clients connect
/// @param metrics where they cannot
/// @param clientApi how the proxy behaves towards them
/// @param constraints limits on what they send
/// @param cache what the proxy remembers
/// @param backend how storage servers are treated
/// @param objects how objects are moved
/// @param tempAuth users
public record ProxyServerConfig(
    ListenConfig listen,
    MetricsConfig metrics,
    ClientApiConfig clientApi,
    Constraints constraints,
    InfoCacheConfig cache,
    BackendConfig backend,
    ObjectConfig objects,
    TempAuthConfig tempAuth) {
  public static ProxyServerConfig read(ConfigTable root) {
    return new ProxyServerConfig(
        root.table("listen", ListenConfig::read),
        root.table("metrics", MetricsConfig::read),
        root.table("client_api", ClientApiConfig::read),
        root.table("constraints", ProxyServerConfig::constraints),
        root.table("info_cache", InfoCacheConfig::read),
        root.table("backend", ProxyServerConfig::backend),
        root.table("objects", ProxyServerConfig::objects),
        root.table("tempauth", ProxyServerConfig::tempAuth));
  }

  public ProxyServerConfig withListen(ListenConfig other) {
    return new ProxyServerConfig(
        other, metrics, clientApi, constraints, cache, backend, objects, tempAuth);
  }

  private static Constraints constraints(ConfigTable table) {
    Constraints defaults = Constraints.defaults();
    Constraints.Names names = defaults.names();
    Constraints.Metadata metadata = defaults.metadata();
    return new Constraints(
        new Constraints.Names(
            table.integer("max_account_name_length", names.account(), 1, 1024),
            table.integer("max_container_name_length", names.container(), 1, 1024),
            table.integer("max_object_name_length", names.object(), 1, 4096)),
        new Constraints.Metadata(
            table.integer("max_meta_name_length", metadata.name(), 1, 4096),
            table.integer("max_meta_value_length", metadata.value(), 1, 8192),
            table.integer("max_meta_count", metadata.count(), 1, 1000),
            table.integer("max_meta_overall_size", metadata.overall(), 1, 65_536)),
        table.size("max_file_size", defaults.maxFileSize()),
        table.integer("max_header_size", defaults.maxHeaderSize(), 256, 65_536),
        table.integer("extra_header_count", defaults.extraHeaderCount(), 0, 1000),
        table.integer("account_listing_limit", defaults.accountListingLimit(), 1, 10_000),
        table.integer("container_listing_limit", defaults.containerListingLimit(), 1, 10_000));
  }

  private static BackendConfig backend(ConfigTable table) {
    BackendConfig defaults = BackendConfig.defaults();
    Duration connect = table.duration("conn_timeout", defaults.connectTimeout());
    Duration node = table.duration("node_timeout", defaults.nodeTimeout());
    Duration postQuorum = table.duration("post_quorum_timeout", defaults.postQuorumTimeout());
    return new BackendConfig(
        connect,
        node,
        postQuorum,
        table.integer("error_suppression_limit", defaults.errorLimit(), 1, 1_000_000),
        table.duration("error_suppression_interval", defaults.errorInterval()),
        table.choice("write_quorum", defaults.writeQuorum()),
        table.integer("nodes_per_replica", defaults.nodesPerReplica(), 1, 100));
  }

  private static ObjectConfig objects(ConfigTable table) {
    ObjectConfig defaults = ObjectConfig.defaults();
    ByteSize wholeBody = table.size("whole_body", defaults.wholeBody());
    ByteSize replicaQueue = table.size("replica_queue", defaults.replicaQueue());
    Duration stall = table.duration("stall_timeout", defaults.stallTimeout());
    int rounds = table.integer("outbid_rounds", defaults.rounds(), 1, 100);
    Duration hedgeMin = table.duration("hedge_min", defaults.hedgeMin());
    Duration hedgeMax = table.duration("hedge_max", defaults.hedgeMax());
    return new ObjectConfig(wholeBody, replicaQueue, stall, rounds, hedgeMin, hedgeMax);
  }

  private static TempAuthConfig tempAuth(ConfigTable table) {
    List<TempAuthUser> users = table.tables("user", ProxyServerConfig::user);
    return new TempAuthConfig(
        users,
        table.texts("reseller_prefix", List.of(TempAuthConfig.DEFAULT_RESELLER_PREFIX)),
        requiredGroups(table.texts("require_group", List.of())),
        table.text("auth_prefix", TempAuthConfig.DEFAULT_AUTH_PREFIX),
        table.text("storage_url_scheme", "default"),
        table.duration("token_life", TempAuthConfig.DEFAULT_TOKEN_LIFE));
  }

  private static TempAuthUser user(ConfigTable table) {
    return new TempAuthUser(
        table.requiredText("account"),
        table.requiredText("user"),
        table.requiredSecret("key").reveal(),
        table.texts("groups", List.of()),
        table.text("url", ""));
  }

  private static Map<String, String> requiredGroups(List<String> entries) {
    Map<String, String> groups = new HashMap<>();
    for (String entry : entries) {
      int colon = entry.indexOf(':');
      if (colon < 0 || colon == entry.length() - 1) {
        throw new IllegalArgumentException(
            "require_group is not a list of \"PREFIX:group\": " + entry);
      }
      groups.put(entry.substring(0, colon), entry.substring(colon + 1));
    }
    return groups;
  }
}
