package org.martlet.proxyserver.filter;

import java.io.IOException;
import java.time.InstantSource;
import java.util.function.Consumer;
import org.martlet.common.http.Response;
import org.martlet.common.runtime.LogFields;
import org.martlet.proxyserver.api.RequestContext;

/// Writes one line for each request once its answer is sent, in the form of Swift's proxy; an
/// answer that did not get through whole shows as 499.
///
/// - Threads: a line may be written on an event loop; what takes it must not block for long.
public final class AccessLog implements Filter {
  private final InstantSource clock;
  private final Consumer<LogFields> lines;
  private volatile boolean on = true;
  private volatile int revealedTokenChars;

  /// @param lines takes each line: its text is without an end
  /// @param revealedTokenChars how much of a token is shown
  public AccessLog(InstantSource clock, Consumer<LogFields> lines, int revealedTokenChars) {
    this.clock = clock;
    this.lines = lines;
    this.revealedTokenChars = revealedTokenChars;
  }

  /// Turns it on or off from the next request on.
  ///
  /// @param revealed how much of a token is shown
  public void set(boolean write, int revealed) {
    on = write;
    revealedTokenChars = revealed;
  }

  @Override
  public Response handle(RequestContext request, Next next)
      throws IOException, InterruptedException {
    if (!on || request.rawPath().equals(Healthcheck.PATH)) {
      return next.handle(request);
    }
    Response response = next.handle(request);
    AccessLogLine line = new AccessLogLine(request, revealedTokenChars);
    if (response.body().length() == 0) {
      lines.accept(line.ended(response.status(), 0, clock.instant()));
      return response;
    }
    LoggedBody body =
        new LoggedBody(
            response.body(),
            (whole, sent) ->
                lines.accept(line.ended(whole ? response.status() : 499, sent, clock.instant())));
    return new Response(response.status(), response.headers(), body);
  }
}
