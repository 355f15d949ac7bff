package org.martlet.proxyserver.filter;

import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.martlet.common.http.BlockingHandlers;
import org.martlet.common.http.Response;
import org.martlet.common.http.ServerRequest;
import org.martlet.proxyserver.api.RequestContext;

/// Filters in their order, and behind them what answers.
///
/// - Threads: any; blocks.
public final class Pipeline implements BlockingHandlers.Blocking {
  private final TransactionIds transactionIds;
  private final InstantSource clock;
  private final Filter.Next first;

  public Pipeline(
      TransactionIds transactionIds, InstantSource clock, List<Filter> filters, Filter.Next last) {
    this.transactionIds = transactionIds;
    this.clock = clock;
    Filter.Next next = last;
    for (Filter filter : filters.reversed()) {
      Filter.Next behind = next;
      next = request -> filter.handle(request, behind);
    }
    this.first = next;
  }

  @Override
  public Response handle(ServerRequest request) throws IOException, InterruptedException {
    Instant start = clock.instant();
    String id = transactionIds.next(start, request.request().headers().get("X-Trans-Id-Extra"));
    RequestContext context =
        new RequestContext(request.request(), request.remoteAddress(), id, start);
    Response response = first.handle(context);
    context.policy().ifPresent(request::concerns);
    return response;
  }
}
