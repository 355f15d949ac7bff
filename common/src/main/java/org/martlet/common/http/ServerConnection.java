package org.martlet.common.http;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.DuplexChannel;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A client's connection: one request after the other, each answered before the next is looked at.
///
/// - Bounds: heads take no more memory than the [HeadBudget] has; while a request is worked on, at
///   most one read of what the client sends ahead is held; no new request is begun while the client
///   does not take the answers before.
/// - Closing: when the client may still be sending, its output is shut down first and input thrown
///   away for [#LINGER], or a reset would destroy the answer on its way.
/// - Threads: its event loop.
@SuppressWarnings("FutureReturnValueIgnored") // the channel tells of failed writes by itself
final class ServerConnection extends Connection {
  /// How long a client may go on sending what nobody will read.
  static final Duration LINGER = Duration.ofSeconds(1);

  /// Bytes thrown away while lingering; after that the client has to wait.
  private static final int MAX_LINGER_BYTES = 4 << 20;

  /// What a client is told that comes while the server stops: another may answer at once.
  private static final String RETRY_AFTER_SECONDS = "1";

  private final ServerState server;
  private final HeadParser parser;
  private final HeadBudget.Share heads;
  private @Nullable ServerExchange exchange;
  private @Nullable Deadline input;
  private @Nullable Deadline output;
  private boolean admitted;
  private boolean processing;
  private boolean inHead;
  private boolean closing;
  private long lingered;

  ServerConnection(ServerState server) {
    this.server = server;
    this.parser = new HeadParser(server.config().limits());
    this.heads = server.heads().share();
  }

  HttpServerConfig config() {
    return server.config();
  }

  String date() {
    return server.date().now();
  }

  /// Whether the server stops: the connection ends after the next answer.
  boolean isLeaving() {
    return server.isLeaving();
  }

  RequestTrace trace(Request request) {
    return server.meters().begin(request, remoteAddress(), server.log());
  }

  InetSocketAddress remoteAddress() {
    return (InetSocketAddress) channel().remoteAddress();
  }

  Deadline inputDeadline() {
    return Objects.requireNonNull(input);
  }

  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    input = new Deadline(executor(), this::inputTooLate);
    output =
        new Deadline(executor(), () -> abort(new HttpFault(HttpFault.Kind.TIMEOUT, "stalled")));
    admitted = server.admit(this);
    if (!admitted) {
      server.meters().refused(503);
      writeRefusal(503, "There are too many connections.", false);
      startClosing(true);
      return;
    }
    inputDeadline().in(config().timeouts().idle());
    super.channelActive(ctx);
  }

  @Override
  void process() {
    if (processing) {
      return;
    }
    processing = true;
    try {
      while (step()) {
        // Each step deals with one request that has come.
      }
    } catch (BadMessage e) {
      refuse(e.status(), e.reason(), false);
    } finally {
      processing = false;
    }
  }

  @Override
  boolean wantsRead() {
    if (closing) {
      return lingered < MAX_LINGER_BYTES;
    }
    return exchange == null ? channel().isWritable() : exchange.wantsRead();
  }

  @Override
  void writabilityChanged() {
    if (exchange != null) {
      exchange.writabilityChanged();
    } else if (channel().isWritable() && !closing) {
      outputStalled(false);
      process();
      readIfWanted();
    }
  }

  @Override
  void inputEnded() {
    if (closing) {
      ctx().close();
    } else if (exchange != null) {
      exchange.inputEnded();
    } else {
      process();
    }
  }

  @Override
  void closed(Throwable cause) {
    if (input != null) {
      input.cancel();
    }
    if (output != null) {
      output.cancel();
    }
    boolean atWork = exchange != null && !exchange.isAnswered();
    try {
      closeExchange(new HttpFault(HttpFault.Kind.CLOSED, "the client went away", cause));
    } finally {
      input().release();
      if (!atWork) {
        heads.release();
      }
      if (admitted) {
        server.left(this);
      }
    }
  }

  /// Tells who works on the request; what its bodies throw as they are closed is passed on.
  private void closeExchange(HttpFault fault) {
    ServerExchange open = exchange;
    if (open == null) {
      return;
    }
    exchange = null;
    try {
      open.closed(fault);
    } finally {
      if (open.isAnswered()) {
        server.requestEnded();
      }
    }
  }

  /// The handler answered after the client had gone.
  void abandonedAnswer() {
    heads.release();
    server.requestEnded();
  }

  /// @param keep the connection serves further requests
  /// @param received the request was read to its end
  void exchangeDone(boolean keep, boolean received) {
    exchange = null;
    heads.release();
    server.requestEnded();
    if (!keep || server.isDraining()) {
      startClosing(received && input().readable() == 0);
      return;
    }
    inHead = false;
    inputDeadline().in(config().timeouts().idle());
    process();
    readIfWanted();
  }

  void outputStalled(boolean stalled) {
    Deadline deadline = Objects.requireNonNull(output);
    if (stalled) {
      deadline.in(config().timeouts().body());
    } else {
      deadline.clear();
    }
  }

  /// The answer cannot be finished: says so if nothing was sent, else closes so that the client
  /// can tell that the answer is not whole.
  ///
  /// @param unbegun nothing of the answer was sent
  /// @param endsWithConnection the end of the connection could be taken for the answer's
  void exchangeBroken(boolean unbegun, boolean endsWithConnection) {
    exchange = null;
    server.requestEnded();
    if (unbegun) {
      writeRefusal(500, "Internal error.", false);
      startClosing(false);
      return;
    }
    if (endsWithConnection) {
      channel().config().setOption(ChannelOption.SO_LINGER, 0);
    }
    startClosing(true);
  }

  /// No further request is let in: closes if nothing is under way; any thread.
  void drain() {
    if (!executor().inEventLoop()) {
      executor().execute(this::drain);
    } else if (exchange == null && !closing && !parser.hasBegun()) {
      ctx().close();
    }
  }

  /// Closes whatever is under way; any thread.
  void closeNow() {
    channel().close();
  }

  private boolean step() throws BadMessage {
    if (closing) {
      lingered += input().readable();
      input().release();
      return false;
    }
    ServerExchange open = exchange;
    if (open != null) {
      open.inputCame();
      return exchange == null && channel().isActive();
    }
    if (!channel().isWritable()) {
      ctx().flush();
      if (!channel().isWritable()) {
        outputStalled(true);
        return false;
      }
    }
    return nextRequest();
  }

  private boolean nextRequest() throws BadMessage {
    boolean whole = parser.advance(input());
    long held = parser.heldBytes();
    if (!holds(held)) {
      throw new BadMessage(503, "The heads of requests take too much memory now.");
    }
    if (!whole) {
      if (input().hasEnded()) {
        ctx().close();
      } else if (parser.hasBegun() && !inHead) {
        inHead = true;
        inputDeadline().in(config().timeouts().head());
      }
      return false;
    }
    inHead = false;
    inputDeadline().clear();
    if (server.isDraining()) {
      refuse(503, "The server is stopping.", true);
      return false;
    }
    RequestLine line = RequestLine.parse(parser.startLine());
    Headers headers = parser.finish();
    if (headers.all("Host").size() > 1) {
      throw new BadMessage("There are two Host headers.");
    }
    Framing framing = Framing.ofRequest(headers, line.minor());
    ServerExchange next = new ServerExchange(this, line, headers, framing, held);
    exchange = next;
    server.requestBegan();
    next.start(server.handler());
    return exchange == null && channel().isActive();
  }

  /// Tells how much memory head and trailers of the request take; false if that is too much.
  boolean holds(long bytes) {
    return heads.hold(bytes);
  }

  private void inputTooLate() {
    if (closing) {
      ctx().close();
    } else if (exchange != null) {
      exchange.inputTimedOut();
    } else if (parser.hasBegun()) {
      refuse(408, "The head of the request came too slowly.", false);
    } else {
      ctx().close();
    }
  }

  /// @param soonOver the same request is worth another attempt
  private void refuse(int status, String reason, boolean soonOver) {
    server.meters().refused(status);
    writeRefusal(status, reason, soonOver);
    startClosing(false);
  }

  private void writeRefusal(int status, String reason, boolean soonOver) {
    byte[] text = (reason + "\n").getBytes(StandardCharsets.ISO_8859_1);
    HeadBuilder head = heads();
    head.text("HTTP/1.1 ").number(status).text(" ").text(ReasonPhrase.of(status)).text("\r\n");
    head.field("Content-Type", "text/plain; charset=utf-8").field("Date", date());
    if (soonOver) {
      head.field("Retry-After", RETRY_AFTER_SECONDS);
    }
    head.text("Content-Length: ").number(text.length).text("\r\nConnection: close\r\n\r\n");
    ctx().write(head.build(ctx().alloc(), text.length).writeBytes(text));
  }

  private void startClosing(boolean atOnce) {
    closing = true;
    input().release();
    outputStalled(true);
    ctx()
        .writeAndFlush(Unpooled.EMPTY_BUFFER)
        .addListener(
            flushed -> {
              if (atOnce || !flushed.isSuccess() || input().hasEnded()) {
                ctx().close();
                return;
              }
              outputStalled(false);
              ((DuplexChannel) channel()).shutdownOutput();
              inputDeadline().in(LINGER);
              readIfWanted();
            });
  }
}
