package org.martlet.common.http;

import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/// A request from when it is sent until its answer's head is there or it failed; an in-memory body
/// is kept until then, so that it can be sent again.
///
/// - Threads: any for what callers see; the rest on the event loop of the connection. The body is
///   guarded by this object's monitor: giving up races with sending.
final class ClientCall implements HttpClient.Upload {
  private final EndpointPool pool;
  private final Request request;
  private final Timeouts timeouts;
  private final boolean awaitsConsent;
  private final @Nullable Chunk repeatable;
  private final CompletableFuture<Response> response = new CompletableFuture<>();
  private final CompletableFuture<Boolean> consent = new CompletableFuture<>();
  private volatile Headers continueHeaders = new Headers();
  private volatile @Nullable ClientConnection connection;
  private boolean bodyTaken;
  private boolean bodyReleased;
  private boolean repeated;

  ClientCall(EndpointPool pool, Request request, Timeouts timeouts, boolean awaitsConsent) {
    this.pool = pool;
    this.request = request;
    this.timeouts = timeouts;
    this.awaitsConsent = awaitsConsent;
    this.repeatable = request.body() instanceof SingleChunkBody memory ? memory.content() : null;
  }

  @Override
  public CompletableFuture<Response> response() {
    return response;
  }

  @Override
  public CompletableFuture<Boolean> consent() {
    return consent;
  }

  @Override
  public Headers continueHeaders() {
    return continueHeaders;
  }

  @Override
  public void proceed() {
    ClientConnection open = connection;
    if (open != null) {
      open.onLoop(() -> open.proceed(this));
    }
  }

  @Override
  public void abort() {
    HttpFault cause = new HttpFault(HttpFault.Kind.ABORTED, "the request was given up");
    pool.forget(this);
    fail(cause);
    ClientConnection open = connection;
    if (open != null) {
      open.onLoop(() -> open.abortCall(this, cause));
    }
  }

  Request request() {
    return request;
  }

  Timeouts timeouts() {
    return timeouts;
  }

  boolean awaitsConsent() {
    return awaitsConsent;
  }

  /// Whether the caller has an answer or a fault.
  boolean isOver() {
    return response.isDone();
  }

  /// Ties this to the connection that it will be sent on.
  void attach(ClientConnection to) {
    connection = to;
  }

  boolean isAttached() {
    return connection != null;
  }

  /// The body for one attempt, null if this is over.
  synchronized @Nullable Body takeBody() {
    if (bodyReleased) {
      return null;
    }
    bodyTaken = true;
    return repeatable == null ? request.body() : Body.of(repeatable.retain());
  }

  /// Whether this may be sent on another connection, once, without doing harm.
  synchronized boolean repeat() {
    boolean may = !repeated && !isOver() && (repeatable != null || !bodyTaken);
    repeated = true;
    return may;
  }

  void consented(Headers headers) {
    continueHeaders = headers;
    consent.complete(true);
  }

  void answered(Response answer) {
    releaseBody();
    if (!response.complete(answer)) {
      answer.body().close();
    }
    consent.complete(false);
  }

  void fail(HttpFault cause) {
    releaseBody();
    response.completeExceptionally(cause);
    consent.completeExceptionally(cause);
  }

  private synchronized void releaseBody() {
    if (bodyReleased) {
      return;
    }
    bodyReleased = true;
    if (repeatable != null) {
      repeatable.release();
    } else if (!bodyTaken) {
      request.body().close();
    }
  }
}
