package org.martlet.common.http;

import io.netty.buffer.ByteBuf;
import io.netty.util.concurrent.EventExecutor;
import java.util.Objects;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/// A connection to a server: one call after the other.
///
/// - Invariant: it goes back to its pool only when the request was sent whole, the answer was
///   received whole, nothing came behind it, and neither side wants to close.
/// - Threads: its event loop.
@SuppressWarnings("FutureReturnValueIgnored") // the channel tells of failed writes by itself
final class ClientConnection extends Connection implements IncomingBody.Source, BodyWriter.Owner {
  private static final int MAX_INTERIM = 16;

  private final EndpointPool pool;
  private final HeadParser parser;
  private @Nullable Deadline input;
  private @Nullable Deadline output;
  private @Nullable ClientCall call;
  private @Nullable BodyWriter writer;
  private @Nullable IncomingBody incoming;
  private boolean reused;
  private boolean begun;
  private boolean consented;
  private boolean requestSent;
  private boolean responseReceived;
  private boolean keepAlive;
  private boolean processing;
  private int interim;

  ClientConnection(EndpointPool pool) {
    this.pool = pool;
    this.parser = new HeadParser(pool.client().config().limits());
  }

  /// The channel is connected.
  void opened() {
    input = new Deadline(executor(), this::inputTooLate);
    output = new Deadline(executor(), this::outputTooLate);
  }

  /// Sends a call.
  ///
  /// @param again the connection has served a call before, so the server may have closed it
  void start(ClientCall next, boolean again) {
    next.attach(this);
    if (next.isOver()) {
      release();
      return;
    }
    if (!channel().isActive() || input().readable() > 0) {
      ctx().close();
      retryOrFail(next, again, closedFault(null));
      return;
    }
    call = next;
    incoming = null;
    reused = again;
    begun = false;
    consented = false;
    requestSent = false;
    responseReceived = false;
    keepAlive = true;
    interim = 0;
    inputDeadline().clear();
    ByteBuf head = head(next);
    if (next.awaitsConsent()) {
      ctx().write(head);
      flushSoon();
      inputDeadline().in(next.timeouts().response());
    } else {
      write(next, head);
    }
    readIfWanted();
  }

  /// Starts the body after consent.
  void proceed(ClientCall of) {
    if (call == of && consented && writer == null && !requestSent) {
      write(of, null);
    }
  }

  void abortCall(ClientCall of, HttpFault cause) {
    if (call == of) {
      endCall(cause);
    }
  }

  /// Closes a connection that serves nobody.
  void closeIdle() {
    if (call == null) {
      ctx().close();
    }
  }

  /// Runs something on this connection's loop; false if that is shut down.
  boolean onLoop(Runnable task) {
    if (executor().inEventLoop()) {
      task.run();
      return true;
    }
    try {
      executor().execute(task);
      return true;
    } catch (RejectedExecutionException e) {
      return false;
    }
  }

  @Override
  void process() {
    if (processing) {
      return;
    }
    processing = true;
    try {
      while (step()) {
        // Each step deals with one head or piece of a body that has come.
      }
    } catch (BadMessage e) {
      endCall(new HttpFault(HttpFault.Kind.PROTOCOL, pool.endpoint() + " sent: " + e.reason()));
    } finally {
      processing = false;
    }
  }

  @Override
  boolean wantsRead() {
    if (responseReceived) {
      return input().readable() == 0;
    }
    return incoming == null || incoming.wantsRead();
  }

  @Override
  void writabilityChanged() {
    if (writer != null) {
      writer.run();
    }
  }

  @Override
  void inputEnded() {
    ctx().close();
  }

  @Override
  void abort(Throwable cause) {
    if (call == null) {
      ctx().close();
    } else if (incoming == null && !begun && !(cause instanceof HttpFault)) {
      // As if the peer had closed: that may call for another attempt.
      ctx().close();
    } else {
      endCall(cause instanceof HttpFault fault ? fault : closedFault(cause));
    }
  }

  @Override
  void closed(Throwable cause) {
    if (input == null) {
      return;
    }
    inputDeadline().cancel();
    Objects.requireNonNull(output).cancel();
    pool.closed(this);
    ClientCall open = call;
    if (open == null) {
      input().release();
      return;
    }
    stopWriter();
    if (incoming != null) {
      incoming.feed();
      return;
    }
    call = null;
    input().release();
    retryOrFail(open, reused && !begun, closedFault(cause));
  }

  @Override
  public EventExecutor loop() {
    return executor();
  }

  @Override
  public void bodyWanted() {
    if (call != null && channel().isActive()) {
      inputDeadline().in(call.timeouts().idle());
      readIfWanted();
    }
  }

  @Override
  public void bodyReceived() {
    responseReceived = true;
    if (!channel().isActive()) {
      input().release();
      return;
    }
    inputDeadline().clear();
    finishIfDone();
  }

  @Override
  public void bodyAbandoned() {
    endCall(new HttpFault(HttpFault.Kind.ABORTED, "the answer was not read to its end"));
  }

  @Override
  public void bodyFailed(HttpFault fault) {
    endCall(fault);
  }

  @Override
  public void bodySent() {
    writer = null;
    requestSent = true;
    flushSoon();
    if (incoming == null && call != null) {
      inputDeadline().in(call.timeouts().response());
    }
    finishIfDone();
  }

  @Override
  public void bodyFailed(Throwable cause) {
    writer = null;
    endCall(new HttpFault(HttpFault.Kind.ABORTED, "the body to send failed", cause));
  }

  @Override
  public void bodyStalled(boolean stalled) {
    if (stalled && call != null) {
      Objects.requireNonNull(output).in(call.timeouts().idle());
    } else {
      Objects.requireNonNull(output).clear();
    }
  }

  /// The server may have answered before it closed its side: its answer is waited for.
  @Override
  public void writeFailed(Throwable cause) {
    keepAlive = false;
    if (writer != null) {
      stopWriter();
      if (incoming == null && call != null) {
        inputDeadline().in(call.timeouts().response());
      }
    }
  }

  private Deadline inputDeadline() {
    return Objects.requireNonNull(input);
  }

  private boolean step() throws BadMessage {
    if (call == null) {
      if (input().readable() > 0) {
        ctx().close();
      }
      return false;
    }
    if (incoming != null) {
      IncomingBody body = incoming;
      body.feed();
      if (incoming == body && !body.isWaiting()) {
        inputDeadline().clear();
      }
      return false;
    }
    begun |= input().readable() > 0;
    if (responseReceived || !parser.advance(input())) {
      return false;
    }
    StatusLine line = StatusLine.parse(parser.startLine());
    Headers headers = parser.finish();
    if (line.status() < 200) {
      takeInterim(line.status(), headers);
      return true;
    }
    takeAnswer(call, line, headers);
    return true;
  }

  private void takeInterim(int status, Headers headers) throws BadMessage {
    if (status == 101 || ++interim > MAX_INTERIM) {
      throw new BadMessage("too many interim answers, or one that was not asked for");
    }
    ClientCall open = call;
    if (status == 100 && open != null && open.awaitsConsent() && !consented) {
      consented = true;
      inputDeadline().clear();
      open.consented(headers);
    }
  }

  private void takeAnswer(ClientCall of, StatusLine line, Headers headers) throws BadMessage {
    Framing framing = Framing.ofResponse(headers, line.status(), of.request().method());
    inputDeadline().clear();
    keepAlive &=
        line.keepsAlive(headers) && !framing.ambiguous() && framing.length() != Framing.UNTIL_CLOSE;
    if (!requestSent && (writer == null || line.status() >= 300)) {
      stopWriter();
      keepAlive = false;
    }
    BodyDecoder decoder = new BodyDecoder(framing.length(), pool.client().config().limits());
    Body body = Body.empty();
    if (decoder.isDone()) {
      responseReceived = true;
      finishIfDone();
    } else {
      IncomingBody arriving =
          new IncomingBody(this, input(), decoder, pool.client().config().chunkSize());
      incoming = arriving;
      body = arriving;
      arriving.start();
    }
    of.answered(new Response(line.status(), headers, body));
  }

  private void write(ClientCall of, @Nullable ByteBuf head) {
    Body body = of.takeBody();
    if (body == null) {
      if (head != null) {
        head.release();
      }
      endCall(new HttpFault(HttpFault.Kind.ABORTED, "the request was given up"));
      return;
    }
    long framing = body.length() < 0 ? Framing.CHUNKED : body.length();
    BodyWriter sending = new BodyWriter(ctx(), head, body, framing, this);
    writer = sending;
    sending.run();
  }

  private ByteBuf head(ClientCall of) {
    Request request = of.request();
    HeadBuilder head = heads();
    head.text(request.method()).text(" ").text(request.target()).text(" HTTP/1.1\r\n");
    if (!request.headers().contains("Host")) {
      head.field("Host", pool.endpoint().toString());
    }
    head.fields(request.headers());
    long length = request.body().length();
    if (length < 0) {
      head.text("Transfer-Encoding: chunked\r\n");
    } else if (length > 0 || request.method().startsWith("P")) {
      head.text("Content-Length: ").number(length).text("\r\n");
    }
    head.text(of.awaitsConsent() ? "Expect: 100-continue\r\n\r\n" : "\r\n");
    int room = length > 0 && length <= BodyWriter.SMALL && !of.awaitsConsent() ? (int) length : 0;
    return head.build(ctx().alloc(), room);
  }

  private void finishIfDone() {
    if (call == null || !responseReceived || writer != null) {
      return;
    }
    call = null;
    incoming = null;
    inputDeadline().clear();
    if (keepAlive && requestSent && input().readable() == 0) {
      release();
    } else {
      ctx().close();
    }
  }

  private void release() {
    call = null;
    responseReceived = false;
    if (!channel().isActive()) {
      return;
    }
    inputDeadline().in(pool.client().config().idle());
    pool.release(this);
    readIfWanted();
  }

  /// Ends what is under way and closes.
  private void endCall(HttpFault cause) {
    ClientCall open = call;
    IncomingBody body = incoming;
    call = null;
    incoming = null;
    stopWriter();
    ctx().close();
    input().release();
    if (body != null) {
      body.cut(cause);
    }
    if (open != null) {
      open.fail(cause);
    }
  }

  private void stopWriter() {
    BodyWriter sending = writer;
    writer = null;
    if (sending != null) {
      sending.stop();
    }
  }

  private void retryOrFail(ClientCall of, boolean mayRetry, HttpFault cause) {
    if (mayRetry && of.repeat()) {
      pool.submit(of, true);
    } else {
      of.fail(cause);
    }
  }

  private HttpFault closedFault(@Nullable Throwable cause) {
    String message = pool.endpoint() + " closed the connection before it answered";
    return cause == null
        ? new HttpFault(HttpFault.Kind.CLOSED, message)
        : new HttpFault(HttpFault.Kind.CLOSED, message, cause);
  }

  private void inputTooLate() {
    ClientCall open = call;
    if (open == null) {
      ctx().close();
      return;
    }
    String what = incoming == null ? "did not answer" : "stalls its answer";
    endCall(timeout(open, what));
  }

  private void outputTooLate() {
    ClientCall open = call;
    if (open != null) {
      endCall(timeout(open, "does not take the body"));
    }
  }

  private HttpFault timeout(ClientCall of, String what) {
    String path = of.request().rawPath();
    return new HttpFault(
        HttpFault.Kind.TIMEOUT,
        pool.endpoint() + " " + what + " in time: " + of.request().method() + " " + path);
  }
}
