package org.martlet.proxyserver.api;

import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.martlet.common.http.Headers;

/// What the proxy knows of an account for up to a minute.
///
/// @param state whether it is there
/// @param containers how many containers, as last counted
/// @param objects how many objects in all of them
/// @param bytes the sum of their sizes
/// @param headers its `X-Account-Meta-*` and `X-Account-Sysmeta-*` fields, names in lower case
public record AccountInfo(
    State state, long containers, long objects, long bytes, SortedMap<String, String> headers) {
  /// Whether an account is there.
  public enum State {
    PRESENT,
    /// It never was, or everything of it is reclaimed.
    MISSING,
    /// It was deleted and its content is still to be removed.
    DELETED
  }

  public static AccountInfo absent(State state) {
    return new AccountInfo(state, 0, 0, 0, new TreeMap<>());
  }

  /// From the answer of an account server to HEAD.
  static AccountInfo of(Headers answer) {
    return new AccountInfo(
        State.PRESENT,
        ContainerInfo.number(answer, "X-Account-Container-Count"),
        ContainerInfo.number(answer, "X-Account-Object-Count"),
        ContainerInfo.number(answer, "X-Account-Bytes-Used"),
        ContainerInfo.select(answer, "x-account-meta-", "x-account-sysmeta-"));
  }

  public boolean exists() {
    return state == State.PRESENT;
  }

  /// The value of a whole header name of [#headers], e.g. `X-Account-Meta-Quota-Bytes`.
  public @Nullable String header(String name) {
    return ((Map<String, String>) headers).get(name.toLowerCase(Locale.ROOT));
  }
}
