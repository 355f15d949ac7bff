package org.martlet.role;

import java.util.Set;

/// Keys that take effect when a running process reads its files again: those that the samples in
/// `etc/` mark as "(reloaded)". The name of a table stands for all in it.
final class ReloadedKeys {
  static final Set<String> CLUSTER =
      Set.of(
          "log.level",
          "log.levels",
          "log.storage_access",
          "log.repeat_lines",
          "log.repeat_interval");

  static final Set<String> PROXY =
      Set.of(
          "client_api.access_log",
          "client_api.reveal_sensitive_prefix",
          "backend.error_suppression_limit",
          "backend.error_suppression_interval",
          "tempauth");

  static final Set<String> BACKGROUND =
      Set.of("replication.bytes_per_second", "replication.requests_per_second");

  private ReloadedKeys() {}

  /// Whether a key is one of those, or in a table that is.
  static boolean covers(Set<String> marked, String key) {
    return marked.stream()
        .anyMatch(
            name -> key.equals(name) || key.startsWith(name + ".") || key.startsWith(name + "["));
  }
}
