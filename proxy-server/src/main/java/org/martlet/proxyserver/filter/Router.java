package org.martlet.proxyserver.filter;

import java.io.IOException;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.martlet.common.http.Headers;
import org.martlet.common.http.PercentCoding;
import org.martlet.common.http.Response;
import org.martlet.common.model.ObjectPath;
import org.martlet.proxyserver.api.ApiException;
import org.martlet.proxyserver.api.Constraints;
import org.martlet.proxyserver.api.Controller;
import org.martlet.proxyserver.api.RequestContext;

/// Takes a URL apart (`/v1/<account>[/<container>[/<object>]]`), asks whether the request is
/// allowed and hands it to the controller of what it names.
///
/// The path is percent-decoded before it is taken apart, as Swift does: an encoded slash is a
/// slash.
public final class Router implements Filter.Next {
  private static final Set<String> VERSIONS = Set.of("v1", "v1.0");
  private static final Set<String> NAMING = Set.of("PUT", "POST");

  private final Controller accounts;
  private final Controller containers;
  private final Controller objects;
  private final Constraints constraints;

  public Router(
      Controller accounts, Controller containers, Controller objects, Constraints constraints) {
    this.accounts = accounts;
    this.containers = containers;
    this.objects = objects;
    this.constraints = constraints;
  }

  @Override
  public Response handle(RequestContext request) throws IOException, InterruptedException {
    ObjectPath path = parse(request.rawPath());
    request.route(path);
    Controller controller = controller(path);
    String method = request.method();
    if (method.equals("OPTIONS")) {
      return options(request, controller);
    }
    if (!controller.methods().contains(method)) {
      throw new ApiException(405, null, Headers.of("Allow", allow(controller)));
    }
    authorize(request, controller);
    if (NAMING.contains(method)) {
      constraints.checkNames(path);
    }
    return controller.handle(request);
  }

  private static void authorize(RequestContext request, Controller controller) {
    try {
      request.authorize(null);
    } catch (ApiException denial) {
      if (!controller.authorizesItself().contains(request.method())) {
        throw denial;
      }
    }
  }

  private Controller controller(ObjectPath path) {
    if (path.object() != null) {
      return objects;
    }
    return path.container() != null ? containers : accounts;
  }

  /// No container here has CORS rules: a browser that asks before a request is refused.
  private static Response options(RequestContext request, Controller controller) {
    if (request.headers().contains("Origin")) {
      throw new ApiException(401, null, Headers.of("Allow", allow(controller)));
    }
    return Response.empty(200, Headers.of("Allow", allow(controller)));
  }

  private static String allow(Controller controller) {
    Set<String> methods = new TreeSet<>(controller.methods());
    methods.add("OPTIONS");
    return String.join(", ", methods);
  }

  /// @throws ApiException 400, 404 or 412 where Swift answers so
  static ObjectPath parse(String rawPath) {
    String path =
        PercentCoding.decodeName(originForm(rawPath))
            .orElseThrow(() -> new ApiException(412, "Invalid UTF8 or contains NULL"));
    String[] parts = path.split("/", 5);
    if (parts.length < 2 || !parts[0].isEmpty() || parts[1].isEmpty()) {
      throw new ApiException(404);
    }
    String account = part(parts, 2).orElseThrow(Router::badUrl);
    if (!VERSIONS.contains(parts[1])) {
      throw new ApiException(400);
    }
    Optional<String> container = part(parts, 3);
    Optional<String> object = part(parts, 4);
    if (container.isEmpty() && object.isPresent()) {
      throw badUrl();
    }
    return new ObjectPath(account, container.orElse(null), object.orElse(null));
  }

  /// Drops scheme and host of a target in absolute form.
  private static String originForm(String rawPath) {
    if (rawPath.startsWith("/")) {
      return rawPath;
    }
    int scheme = rawPath.indexOf("://");
    int slash = scheme < 0 ? -1 : rawPath.indexOf('/', scheme + 3);
    return slash < 0 ? rawPath : rawPath.substring(slash);
  }

  private static Optional<String> part(String[] parts, int i) {
    return parts.length > i && !parts[i].isEmpty() ? Optional.of(parts[i]) : Optional.empty();
  }

  private static ApiException badUrl() {
    return new ApiException(412, "Bad URL");
  }
}
