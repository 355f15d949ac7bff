package org.martlet.proxyserver.backend;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.martlet.common.http.Body;
import org.martlet.common.http.Headers;

/// What the storage servers, taken together, answered.
///
/// @param status 200 to 599; 503 where too few agreed
/// @param headers of the answer that was chosen; empty where there is none
/// @param body of the answer that was chosen, to be read to its end or closed; empty for a change
/// @param node who sent that answer
public record BackendAnswer(int status, Headers headers, Body body, Optional<BackendNode> node) {
  /// @param headers null for none
  public static BackendAnswer withoutBody(int status, @Nullable Headers headers) {
    return new BackendAnswer(
        status, headers == null ? new Headers() : headers, Body.empty(), Optional.empty());
  }

  /// Gets rid of the body without waiting for it.
  public void discard() {
    UnwantedBody.discard(body);
  }

  public boolean isSuccess() {
    return status / 100 == 2;
  }
}
