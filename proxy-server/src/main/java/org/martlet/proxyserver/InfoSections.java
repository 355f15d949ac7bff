package org.martlet.proxyserver;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.martlet.common.protocol.StoragePolicies;
import org.martlet.common.protocol.StoragePolicy;
import org.martlet.proxyserver.api.Constraints;

/// What `/info` tells: the limits that are in force, and nothing that is not there.
final class InfoSections {
  private InfoSections() {}

  static Map<String, Object> of(
      ProxyServerConfig config, StoragePolicies policies, String version) {
    Map<String, Object> swift = new LinkedHashMap<>();
    swift.put("version", version);
    swift.put("policies", policies(policies));
    swift.put("account_autocreate", config.clientApi().accountAutocreate());
    swift.put("allow_account_management", config.clientApi().allowAccountManagement());
    swift.put("allow_open_expired", false);
    swift.put("strict_cors_mode", true);
    limits(swift, config.constraints());
    Map<String, Object> sections = new LinkedHashMap<>();
    sections.put("swift", swift);
    sections.put("tempauth", Map.of("account_acls", false));
    return sections;
  }

  private static void limits(Map<String, Object> swift, Constraints limits) {
    swift.put("max_file_size", limits.maxFileSize().bytes());
    swift.put("max_meta_name_length", limits.metadata().name());
    swift.put("max_meta_value_length", limits.metadata().value());
    swift.put("max_meta_count", limits.metadata().count());
    swift.put("max_meta_overall_size", limits.metadata().overall());
    swift.put("max_header_size", limits.maxHeaderSize());
    swift.put("extra_header_count", limits.extraHeaderCount());
    swift.put("max_account_name_length", limits.names().account());
    swift.put("max_container_name_length", limits.names().container());
    swift.put("max_object_name_length", limits.names().object());
    swift.put("account_listing_limit", limits.accountListingLimit());
    swift.put("container_listing_limit", limits.containerListingLimit());
  }

  /// Deprecated ones are of no use to clients.
  private static List<Map<String, Object>> policies(StoragePolicies policies) {
    List<Map<String, Object>> shown = new ArrayList<>();
    for (StoragePolicy policy : policies.all()) {
      if (policy.deprecated()) {
        continue;
      }
      Map<String, Object> entry = new LinkedHashMap<>();
      entry.put("name", policy.name());
      entry.put("aliases", policy.name());
      if (policy.isDefault()) {
        entry.put("default", true);
      }
      shown.add(entry);
    }
    return shown;
  }
}
