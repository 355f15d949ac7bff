package org.martlet.proxyserver.api;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.martlet.common.http.Body;
import org.martlet.common.http.Chunk;
import org.martlet.common.http.Headers;
import org.martlet.common.http.HttpFault;

/// The body that a client sends, counted, with a memory of why it broke off.
///
/// - Threads: the counters may be read on any thread.
final class ClientBody implements Body {
  private final Body body;
  private final AtomicLong received = new AtomicLong();
  private volatile HttpFault.@Nullable Kind fault;

  ClientBody(Body body) {
    this.body = body;
  }

  long received() {
    return received.get();
  }

  Optional<HttpFault.Kind> fault() {
    return Optional.ofNullable(fault);
  }

  @Override
  public long length() {
    return body.length();
  }

  @Override
  public CompletableFuture<Chunk> next() {
    return body.next().whenComplete(this::note);
  }

  private void note(@Nullable Chunk chunk, @Nullable Throwable problem) {
    if (chunk != null) {
      received.addAndGet(chunk.size());
    }
    Throwable cause = problem instanceof CompletionException ? problem.getCause() : problem;
    if (cause instanceof HttpFault httpFault) {
      fault = httpFault.kind();
    }
  }

  @Override
  public Headers trailers() {
    return body.trailers();
  }

  @Override
  public void close() {
    body.close();
  }
}
