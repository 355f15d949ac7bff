package org.martlet.proxyserver.object;

import java.util.Locale;
import java.util.Set;
import org.martlet.common.http.Headers;
import org.martlet.common.model.Timestamp;

/// What clients see of a device's answer to GET and HEAD.
final class ClientHeaders {
  private static final Set<String> HOP_BY_HOP =
      Set.of(
          "connection",
          "keep-alive",
          "transfer-encoding",
          "trailer",
          "te",
          "upgrade",
          "date",
          "server",
          "content-length",
          "x-trans-id",
          "x-openstack-request-id");

  private ClientHeaders() {}

  /// All but what concerns the connection, or servers only.
  static Headers of(Headers answer) {
    Headers visible = new Headers();
    answer.forEach(
        (name, value) -> {
          if (isVisible(name.toLowerCase(Locale.ROOT))) {
            visible.add(name, value);
          }
        });
    normalizeTimestamp(visible);
    return visible.set("Accept-Ranges", "bytes");
  }

  private static boolean isVisible(String lower) {
    return !HOP_BY_HOP.contains(lower)
        && !lower.startsWith("x-backend-")
        && !lower.startsWith("x-object-sysmeta-")
        && !lower.startsWith("x-object-transient-sysmeta-");
  }

  /// Clients see no offsets.
  private static void normalizeTimestamp(Headers headers) {
    String timestamp = headers.get("X-Timestamp");
    if (timestamp != null && timestamp.indexOf('_') >= 0) {
      headers.set("X-Timestamp", Timestamp.parse(timestamp).normal());
    }
  }
}
