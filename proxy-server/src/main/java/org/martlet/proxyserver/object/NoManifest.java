package org.martlet.proxyserver.object;

import java.nio.charset.StandardCharsets;
import org.martlet.common.http.Body;
import org.martlet.common.http.Headers;
import org.martlet.common.http.Response;

/// The answer to `DELETE ?multipart-manifest=delete`: no object here is a static large object's
/// manifest.
///
/// Swift answers 200 whatever happened and tells the outcome in the body. Clients that delete this
/// way first (Apache jclouds) read that body and go on with a plain DELETE; nothing is deleted
/// here.
final class NoManifest {
  private static final String JSON =
      "{\"Number Deleted\": 0, \"Number Not Found\": 0, \"Response Status\": \"400 Bad Request\","
          + " \"Response Body\": \"Not an SLO manifest\", \"Errors\": []}";
  private static final String TEXT =
      """
      Number Deleted: 0
      Number Not Found: 0
      Response Body: Not an SLO manifest
      Response Status: 400 Bad Request
      Errors:
      """;

  private NoManifest() {}

  /// @param accept what the client accepts: JSON or text
  static Response answer(String accept) {
    boolean json = accept.contains("application/json");
    return new Response(
        200,
        Headers.of("Content-Type", json ? "application/json" : "text/plain"),
        Body.of((json ? JSON : TEXT).getBytes(StandardCharsets.UTF_8)));
  }
}
