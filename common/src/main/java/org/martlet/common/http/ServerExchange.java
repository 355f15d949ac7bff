package org.martlet.common.http;

import io.netty.buffer.ByteBuf;
import io.netty.util.concurrent.EventExecutor;
import java.net.InetSocketAddress;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One request and its answer on a server's connection.
///
/// - Ends once, with [ServerConnection#exchangeDone] or with [#closed].
/// - Threads: the connection's event loop, save what [ServerRequest] offers to handlers.
@SuppressWarnings("FutureReturnValueIgnored") // the channel tells of failed writes by itself
final class ServerExchange implements ServerRequest, IncomingBody.Source, BodyWriter.Owner {
  private static final Logger LOG = LoggerFactory.getLogger(ServerExchange.class);

  /// Bytes of an unread request body that are read and thrown away to keep the connection.
  private static final int MAX_DISCARD = 65_536;

  /// Answered in place of an answer that could not be begun.
  private static final int BROKEN = 500;

  private final ServerConnection connection;
  private final Request request;
  private final int minor;
  private final boolean expectsContinue;
  private final @Nullable IncomingBody incoming;
  private final BodyDecoder decoder;
  private final long headBytes;
  private final RequestTrace trace;
  private boolean keepAlive;
  private boolean continued;
  private boolean answered;
  private boolean closed;
  private boolean discarding;
  private long discarded;
  private @Nullable BodyWriter writer;

  /// @param headBytes what the head takes in memory
  ServerExchange(
      ServerConnection connection,
      RequestLine line,
      Headers headers,
      Framing framing,
      long headBytes)
      throws BadMessage {
    this.connection = connection;
    this.headBytes = headBytes;
    this.minor = line.minor();
    this.expectsContinue = expectsContinue(headers, minor) && framing.length() != 0;
    this.keepAlive = ConnectionOptions.keepsAlive(headers, minor) && !framing.ambiguous();
    this.decoder = new BodyDecoder(framing.length(), connection.config().limits());
    this.incoming =
        decoder.isDone()
            ? null
            : new IncomingBody(this, connection.input(), decoder, connection.config().chunkSize());
    Body body = incoming == null ? Body.empty() : incoming;
    this.request = new Request(line.method(), line.target(), headers, body);
    this.trace = connection.trace(request);
  }

  /// Gives the request to the handler.
  void start(HttpHandler handler) {
    if (incoming != null && !expectsContinue) {
      incoming.start();
    }
    CompletableFuture<Response> answer;
    try {
      answer = handler.handle(this);
    } catch (RuntimeException e) {
      answer = CompletableFuture.failedFuture(e);
    }
    if (answer.isDone()) {
      answer(answer);
      return;
    }
    CompletableFuture<Response> later = answer;
    answer.whenComplete((response, fault) -> onLoop(() -> answer(later), response));
  }

  /// Input came for this exchange.
  void inputCame() {
    if (discarding) {
      discard();
    } else if (incoming != null && !isReceived()) {
      incoming.feed();
      if (!incoming.isWaiting()) {
        connection.inputDeadline().clear();
      }
      if (!holdsTrailers()) {
        incoming.fail(new HttpFault(HttpFault.Kind.EXHAUSTED, "trailers take too much memory now"));
      }
    }
  }

  private boolean holdsTrailers() {
    long trailers = decoder.heldBytes();
    return trailers == 0 || connection.holds(headBytes + trailers);
  }

  boolean wantsRead() {
    if (isReceived()) {
      // Nothing is due, but a read tells when the client goes away.
      return connection.input().readable() == 0;
    }
    return discarding || (incoming != null && incoming.wantsRead());
  }

  void inputTimedOut() {
    if (discarding) {
      finish(false);
    } else if (incoming != null) {
      incoming.fail(new HttpFault(HttpFault.Kind.TIMEOUT, "the client sends its body too slowly"));
    }
  }

  /// The client closed its side, which it may do and still wait for the answer.
  void inputEnded() {
    if (discarding) {
      discard();
    } else if (incoming != null && !isReceived()) {
      incoming.feed();
    }
  }

  void writabilityChanged() {
    if (writer != null) {
      writer.run();
    }
  }

  /// The connection is gone.
  void closed(HttpFault cause) {
    closed = true;
    trace.gone(decoder.received(), sentBytes());
    if (writer != null) {
      writer.stop();
      writer = null;
    }
    if (incoming != null) {
      incoming.cut(cause);
      if (answered) {
        incoming.close();
      }
    }
  }

  /// Whether the handler has nothing more to say.
  boolean isAnswered() {
    return answered;
  }

  @Override
  public Request request() {
    return request;
  }

  @Override
  public InetSocketAddress remoteAddress() {
    return connection.remoteAddress();
  }

  @Override
  public boolean expectsContinue() {
    return expectsContinue;
  }

  @Override
  public void sendContinue(Headers headers) {
    onLoop(() -> writeContinue(headers), null);
  }

  @Override
  public EventExecutor loop() {
    return connection.executor();
  }

  @Override
  public void bodyWanted() {
    if (isWithheld()) {
      if (answered && incoming != null) {
        incoming.cut(new HttpFault(HttpFault.Kind.ABORTED, "answered before the body was read"));
        return;
      }
      writeContinue(new Headers());
    }
    connection.inputDeadline().in(connection.config().timeouts().body());
    connection.readIfWanted();
  }

  @Override
  public void bodyReceived() {
    connection.inputDeadline().clear();
    connection.readIfWanted();
  }

  @Override
  public void bodyAbandoned() {
    connection.inputDeadline().clear();
  }

  @Override
  public void bodyFailed(HttpFault fault) {
    keepAlive = false;
    connection.inputDeadline().clear();
  }

  @Override
  public void concerns(int policyIndex) {
    trace.concerns(policyIndex);
  }

  private long sentBytes() {
    return writer == null ? 0 : writer.sentBytes();
  }

  @Override
  public void bodySent() {
    trace.finished(decoder.received(), sentBytes());
    writer = null;
    connection.flushSoon();
    if (isReceived()) {
      finish(keepAlive);
    } else if (!keepAlive || incoming == null) {
      finish(false);
    } else {
      incoming.cut(new HttpFault(HttpFault.Kind.ABORTED, "the request was answered"));
      discarding = true;
      connection.inputDeadline().in(ServerConnection.LINGER);
      discard();
    }
  }

  @Override
  public void bodyFailed(Throwable cause) {
    LOG.error("the answer to {} {} broke off", request.method(), request.rawPath(), cause);
    BodyWriter broken = writer;
    writer = null;
    if (incoming != null) {
      incoming.cut(new HttpFault(HttpFault.Kind.ABORTED, "the answer broke off"));
      incoming.close();
    }
    boolean unbegun = broken != null && broken.isUnbegun() && !request.method().equals("HEAD");
    long sent = broken == null ? 0 : broken.sentBytes();
    trace.broken(unbegun ? BROKEN : 0, decoder.received(), sent);
    connection.exchangeBroken(unbegun, minor == 0);
  }

  @Override
  public void bodyStalled(boolean stalled) {
    connection.outputStalled(stalled);
  }

  @Override
  public void writeFailed(Throwable cause) {
    connection.abort(cause);
  }

  private boolean isReceived() {
    return decoder.isDone();
  }

  private boolean isWithheld() {
    return expectsContinue && !continued;
  }

  private void writeContinue(Headers headers) {
    if (!isWithheld() || answered || closed) {
      return;
    }
    continued = true;
    HeadBuilder head = connection.heads();
    head.text("HTTP/1.1 100 Continue\r\n").fields(headers).text("\r\n");
    connection.ctx().write(head.build(connection.ctx().alloc(), 0));
    connection.flushSoon();
  }

  private void discard() {
    try {
      discarded += decoder.skip(connection.input());
    } catch (BadMessage e) {
      finish(false);
      return;
    }
    if (isReceived()) {
      finish(true);
    } else if (discarded > MAX_DISCARD || !holdsTrailers() || connection.input().hasEnded()) {
      finish(false);
    } else {
      connection.readIfWanted();
    }
  }

  private void finish(boolean keep) {
    discarding = false;
    if (incoming != null) {
      incoming.cut(new HttpFault(HttpFault.Kind.ABORTED, "the request was answered"));
      incoming.close();
    }
    connection.exchangeDone(keep, isReceived());
  }

  private void answer(CompletableFuture<Response> handled) {
    answered = true;
    Response response = responseOf(handled);
    if (closed) {
      response.body().close();
      if (incoming != null) {
        incoming.close();
      }
      connection.abandonedAnswer();
      return;
    }
    write(response);
  }

  private Response responseOf(CompletableFuture<Response> handled) {
    try {
      Response response = handled.join();
      if (response.status() >= 200 && response.status() <= 599) {
        return response;
      }
      response.body().close();
      LOG.error("a handler answered {} with status {}", request.method(), response.status());
    } catch (RuntimeException e) {
      Throwable cause = e instanceof CompletionException && e.getCause() != null ? e.getCause() : e;
      if (incoming != null && cause == incoming.fault()) {
        return ofBrokenBody(incoming.fault());
      }
      if (closed) {
        LOG.debug("{} failed for a client that has gone", request.method(), cause);
      } else {
        LOG.error("{} {} failed", request.method(), request.rawPath(), cause);
      }
    }
    return Response.text(500, "Internal error.\n");
  }

  /// What a handler need not say itself: why the request's body could not be had.
  private static Response ofBrokenBody(@Nullable HttpFault fault) {
    return switch (fault == null ? HttpFault.Kind.ABORTED : fault.kind()) {
      case TIMEOUT -> Response.text(408, "The body of the request came too slowly.\n");
      case PROTOCOL -> Response.text(400, "The body of the request is malformed.\n");
      case CLOSED -> Response.text(499, "The body of the request is shorter than declared.\n");
      case EXHAUSTED -> Response.text(503, "There is too little memory for the request now.\n");
      case CONNECT, TOO_LARGE, ABORTED -> Response.text(500, "Internal error.\n");
    };
  }

  private void write(Response response) {
    keepAlive = keepAlive && !connection.isLeaving() && (isReceived() || isDiscardable());
    boolean withoutBody = Framing.hasNoBody(response.status(), request.method());
    long length = response.body().length();
    long framing = withoutBody ? 0 : length;
    if (framing < 0) {
      framing = minor == 0 ? Framing.UNTIL_CLOSE : Framing.CHUNKED;
      keepAlive = keepAlive && minor > 0;
    }
    HeadBuilder head = connection.heads();
    head.text("HTTP/1.1 ").number(response.status()).text(" ");
    head.text(ReasonPhrase.of(response.status())).text("\r\n").fields(response.headers());
    if (withoutBody) {
      keptLength(head, response);
    } else if (framing >= 0) {
      head.text("Content-Length: ").number(framing).text("\r\n");
    } else if (framing == Framing.CHUNKED) {
      head.text("Transfer-Encoding: chunked\r\n");
    }
    if (!response.headers().contains("Date")) {
      head.field("Date", connection.date());
    }
    if (!keepAlive) {
      head.text("Connection: close\r\n");
    } else if (minor == 0) {
      head.text("Connection: keep-alive\r\n");
    }
    head.text("\r\n");
    int room = framing > 0 && framing <= BodyWriter.SMALL ? (int) framing : 0;
    ByteBuf buffer = head.build(connection.ctx().alloc(), room);
    BodyWriter body = new BodyWriter(connection.ctx(), buffer, response.body(), framing, this);
    writer = body;
    trace.answered(response.status());
    body.run();
  }

  /// The length that a body would have had, which only the handler knows.
  private void keptLength(HeadBuilder head, Response response) {
    String declared = response.headers().get("Content-Length");
    if (declared != null) {
      head.field("Content-Length", declared);
    } else if (request.method().equals("HEAD") && response.status() != 204) {
      if (response.body().length() >= 0 && response.status() != 304) {
        head.text("Content-Length: ").number(response.body().length()).text("\r\n");
      }
    }
  }

  private boolean isDiscardable() {
    return !isWithheld() && decoder.remaining() <= MAX_DISCARD;
  }

  private void onLoop(Runnable task, @Nullable Response unsent) {
    if (loop().inEventLoop()) {
      task.run();
      return;
    }
    try {
      loop().execute(task);
    } catch (RejectedExecutionException e) {
      if (unsent != null) {
        unsent.body().close();
      }
    }
  }

  private static boolean expectsContinue(Headers headers, int minor) throws BadMessage {
    String expect = headers.get("Expect");
    if (expect == null || minor == 0) {
      return false;
    }
    if (!expect.equalsIgnoreCase("100-continue")) {
      throw new BadMessage(417, "The only expectation understood here is 100-continue.");
    }
    return true;
  }
}
