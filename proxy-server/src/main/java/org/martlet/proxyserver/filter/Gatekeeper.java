package org.martlet.proxyserver.filter;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.martlet.common.http.Headers;
import org.martlet.common.http.Response;
import org.martlet.common.model.Timestamp;
import org.martlet.proxyserver.api.ApiException;
import org.martlet.proxyserver.api.RequestContext;

/// Removes in both directions the headers that only servers may say to each other.
///
/// A client's `X-Timestamp` is checked and then dropped: only a cluster that is entitled to it may
/// prescribe a clock. The answer's stays.
public final class Gatekeeper implements Filter {
  private static final List<String> PREFIXES =
      List.of(
          "X-Backend",
          "X-Account-Sysmeta-",
          "X-Container-Sysmeta-",
          "X-Object-Sysmeta-",
          "X-Object-Transient-Sysmeta-",
          "X-Account-Host",
          "X-Account-Device",
          "X-Account-Partition",
          "X-Account-Override-Deleted",
          "X-Container-Host",
          "X-Container-Device",
          "X-Container-Partition",
          "X-Container-Root-Db-State",
          "X-Delete-At-Host",
          "X-Delete-At-Device",
          "X-Delete-At-Partition",
          "X-Delete-At-Container",
          "X-If-Delete-At");

  @Override
  public Response handle(RequestContext request, Next next)
      throws IOException, InterruptedException {
    dropTimestamp(request.headers());
    strip(request.headers());
    Response response = next.handle(request);
    strip(response.headers());
    return response;
  }

  private static void dropTimestamp(Headers headers) {
    String given = headers.get("X-Timestamp");
    if (given == null) {
      return;
    }
    try {
      Timestamp.parse(given);
    } catch (IllegalArgumentException e) {
      throw ApiException.badRequest("X-Timestamp should be a UNIX timestamp float value");
    }
    headers.remove("X-Timestamp");
  }

  private static void strip(Headers headers) {
    List<String> forbidden = new ArrayList<>();
    headers.forEach(
        (name, value) -> {
          if (isForbidden(name)) {
            forbidden.add(name);
          }
        });
    forbidden.forEach(headers::remove);
  }

  private static boolean isForbidden(String name) {
    if (name.length() < 3 || Character.toLowerCase(name.charAt(0)) != 'x') {
      return false;
    }
    for (String prefix : PREFIXES) {
      if (name.regionMatches(true, 0, prefix, 0, prefix.length())) {
        return true;
      }
    }
    return false;
  }
}
