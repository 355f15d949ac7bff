package org.martlet.proxyserver.api;

import java.util.List;
import org.martlet.common.http.Headers;

/// Headers that only an account's owners see and set: ACLs and keys.
final class OwnerHeaders {
  private static final List<String> NAMES =
      List.of(
          "X-Container-Read",
          "X-Container-Write",
          "X-Container-Sync-Key",
          "X-Container-Sync-To",
          "X-Account-Meta-Temp-URL-Key",
          "X-Account-Meta-Temp-URL-Key-2",
          "X-Container-Meta-Temp-URL-Key",
          "X-Container-Meta-Temp-URL-Key-2",
          "X-Account-Access-Control");

  private OwnerHeaders() {}

  /// Removes them unless the request was allowed as an owner's, and what would remove them.
  static void hide(RequestContext request, Headers from) {
    if (!request.isOwner()) {
      for (String name : NAMES) {
        from.remove(name);
        from.remove("X-Remove-" + name.substring("X-".length()));
      }
    }
  }
}
