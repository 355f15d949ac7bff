package org.martlet.proxyserver.api;

import java.util.Collections;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.martlet.common.http.Headers;

/// What the proxy knows of a container for up to a minute.
///
/// @param exists whether it is there; if not, everything else says nothing
/// @param policy the storage policy's index
/// @param objects how many objects, as last counted
/// @param bytes the sum of their sizes
/// @param headers its `X-Container-Meta-*`, `X-Container-Sysmeta-*`, `X-Container-Read`, `-Write`,
///     `-Sync-Key`, `-Sync-To` and `X-Versions-Location` fields, names in lower case
public record ContainerInfo(
    boolean exists, int policy, long objects, long bytes, SortedMap<String, String> headers) {
  private static final ContainerInfo MISSING =
      new ContainerInfo(false, 0, 0, 0, Collections.emptySortedMap());

  /// There is no such container.
  public static ContainerInfo missing() {
    return MISSING;
  }

  /// From the answer of a container server to HEAD.
  public static ContainerInfo of(Headers answer) {
    return new ContainerInfo(
        true,
        (int) Math.min(Integer.MAX_VALUE, number(answer, "X-Backend-Storage-Policy-Index")),
        number(answer, "X-Container-Object-Count"),
        number(answer, "X-Container-Bytes-Used"),
        select(
            answer,
            "x-container-meta-",
            "x-container-sysmeta-",
            "x-container-read",
            "x-container-write",
            "x-container-sync-",
            "x-versions-location"));
  }

  /// Who may read, as [RequestContext#authorize] takes it.
  public @Nullable String readAcl() {
    return header("x-container-read");
  }

  /// Who may write, as [RequestContext#authorize] takes it.
  public @Nullable String writeAcl() {
    return header("x-container-write");
  }

  /// The value of a whole header name of [#headers], e.g. `X-Container-Meta-Quota-Bytes`.
  public @Nullable String header(String name) {
    return ((Map<String, String>) headers).get(name.toLowerCase(Locale.ROOT));
  }

  static long number(Headers answer, String name) {
    String value = answer.get(name);
    if (value == null || value.isEmpty() || value.length() > 18) {
      return 0;
    }
    return value.chars().allMatch(c -> c >= '0' && c <= '9') ? Long.parseLong(value) : 0;
  }

  static SortedMap<String, String> select(Headers answer, String... prefixes) {
    SortedMap<String, String> selected = new TreeMap<>();
    answer.forEach(
        (name, value) -> {
          String lower = name.toLowerCase(Locale.ROOT);
          for (String prefix : prefixes) {
            if (lower.startsWith(prefix) && !value.isEmpty()) {
              selected.put(lower, value);
            }
          }
        });
    return Collections.unmodifiableSortedMap(selected);
  }
}
