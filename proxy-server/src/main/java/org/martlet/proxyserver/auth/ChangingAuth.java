package org.martlet.proxyserver.auth;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicLong;
import org.martlet.common.http.Response;
import org.martlet.proxyserver.api.RequestContext;
import org.martlet.proxyserver.filter.Filter;

/// Authentication whose users can change while the proxy serves: a request goes by those that were
/// there when it came. Tokens that were given out stay good until they expire.
///
/// - Threads: any.
public final class ChangingAuth implements Filter {
  private final AtomicLong wrongKeysBefore = new AtomicLong();
  private final AtomicLong wrongTokensBefore = new AtomicLong();
  private volatile TempAuth current;

  public ChangingAuth(TempAuth first) {
    this.current = first;
  }

  public synchronized void change(TempAuth next) {
    TempAuth before = current;
    current = next;
    wrongKeysBefore.addAndGet(before.wrongKeys());
    wrongTokensBefore.addAndGet(before.wrongTokens());
  }

  /// How often a user or key was wrong, since the start.
  public long wrongKeys() {
    return wrongKeysBefore.get() + current.wrongKeys();
  }

  /// How often a token of ours was wrong or had expired, since the start.
  public long wrongTokens() {
    return wrongTokensBefore.get() + current.wrongTokens();
  }

  @Override
  public Response handle(RequestContext request, Next next)
      throws IOException, InterruptedException {
    return current.handle(request, next);
  }
}
