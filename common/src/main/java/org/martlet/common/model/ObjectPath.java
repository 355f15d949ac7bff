package org.martlet.common.model;

import org.jspecify.annotations.Nullable;

/// The name of an account, a container or an object, decoded (not percent-encoded).
///
/// Names are not checked against length limits here: those belong to the proxy's configuration.
/// Account and container hold no slash; no part is empty; an object needs a container.
///
/// @param account the account, e.g. `AUTH_test`
/// @param container null for an account's own path
/// @param object null for an account's or a container's path
public record ObjectPath(String account, @Nullable String container, @Nullable String object) {
  public ObjectPath {
    check("account", account, false);
    if (container != null) {
      check("container", container, false);
    }
    if (object != null) {
      if (container == null) {
        throw new IllegalArgumentException("an object needs a container");
      }
      check("object", object, true);
    }
  }

  public static ObjectPath account(String account) {
    return new ObjectPath(account, null, null);
  }

  public static ObjectPath container(String account, String container) {
    return new ObjectPath(account, container, null);
  }

  public static ObjectPath object(String account, String container, String object) {
    return new ObjectPath(account, container, object);
  }

  private static void check(String what, String name, boolean slashAllowed) {
    if (name.isEmpty()) {
      throw new IllegalArgumentException(what + " name is empty");
    }
    if (!slashAllowed && name.indexOf('/') >= 0) {
      throw new IllegalArgumentException(what + " name holds a slash");
    }
  }

  /// The path that is hashed and shown: `/account[/container[/object]]`.
  @Override
  public String toString() {
    StringBuilder path = new StringBuilder("/").append(account);
    if (container != null) {
      path.append('/').append(container);
    }
    if (object != null) {
      path.append('/').append(object);
    }
    return path.toString();
  }
}
