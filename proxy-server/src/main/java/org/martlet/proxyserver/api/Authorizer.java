package org.martlet.proxyserver.api;

import org.jspecify.annotations.Nullable;
import org.martlet.common.model.ObjectPath;

/// Decides whether a request may do something.
@FunctionalInterface
public interface Authorizer {
  /// What was decided.
  enum Decision {
    /// Allowed, with what only owners see and set.
    OWNER,
    ALLOWED,
    DENIED
  }

  /// @param method what is to be done, e.g. `GET` for the source of a copy
  /// @param path what it is to be done to
  /// @param acl the container's read or write ACL; null where there is none or it is not known
  Decision decide(RequestContext request, String method, ObjectPath path, @Nullable String acl);
}
