package org.martlet.proxyserver.api;

import java.io.IOException;
import java.util.Set;
import org.martlet.common.http.Response;

/// Answers the requests to one kind of resource: accounts, containers or objects.
///
/// - Authorization: the router has asked [RequestContext#authorize] without an ACL and has answered
///   a denial itself, except for the methods in [#authorizesItself]: those call it with the
///   container's ACL before they show or change anything.
public interface Controller {
  /// The methods that are served, for `Allow`; OPTIONS need not be among them.
  Set<String> methods();

  /// The methods for which a denial without an ACL is not final.
  Set<String> authorizesItself();

  /// Answers; blocks. Called on the request's own virtual thread.
  ///
  /// @throws ApiException for whatever ends the request early
  Response handle(RequestContext request) throws IOException, InterruptedException;
}
