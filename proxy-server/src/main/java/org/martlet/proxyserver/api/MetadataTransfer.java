package org.martlet.proxyserver.api;

import java.util.List;
import java.util.Locale;
import org.martlet.common.http.Headers;

/// Picks out of a client's request what is to be remembered of an account or a container, in the
/// form that servers take: an empty value removes.
final class MetadataTransfer {
  private static final List<String> CONTAINER_FIELDS =
      List.of(
          "x-container-read",
          "x-container-write",
          "x-container-sync-key",
          "x-container-sync-to",
          "x-versions-location");

  private MetadataTransfer() {}

  /// What sets a value wins over what removes it.
  static Headers of(Constraints.Target target, Headers client) {
    String kind = "x-" + target.name().toLowerCase(Locale.ROOT);
    Headers picked = new Headers();
    client.forEach(
        (name, value) -> {
          String lower = name.toLowerCase(Locale.ROOT);
          String set = lower.replaceFirst("^x-remove-", "x-");
          if (!set.equals(lower) && isField(target, kind, set)) {
            picked.set(set, "");
          }
        });
    client.forEach(
        (name, value) -> {
          String lower = name.toLowerCase(Locale.ROOT);
          if (isField(target, kind, lower)) {
            picked.set(lower, value);
          }
        });
    return picked;
  }

  private static boolean isField(Constraints.Target target, String kind, String lower) {
    return lower.startsWith(kind + "-meta-")
        || (target == Constraints.Target.CONTAINER && CONTAINER_FIELDS.contains(lower));
  }
}
