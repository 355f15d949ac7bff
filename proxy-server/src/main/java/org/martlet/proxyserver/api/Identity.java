package org.martlet.proxyserver.api;

import java.util.Set;

/// Who sends a request, as the authentication filter found out.
///
/// @param user for the access log, e.g. `test:tester`
/// @param groups what ACLs and authorization compare with, e.g. `test`, `test:tester`, `AUTH_test`
public record Identity(String user, Set<String> groups) {
  public Identity {
    groups = Set.copyOf(groups);
  }
}
