package org.martlet.common.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.EventExecutor;
import org.jspecify.annotations.Nullable;

/// What both ends of a connection have in common: input that is read only when somebody wants it.
///
/// - Invariant: while nobody wants input, at most one read is held. When the peer has closed its
///   side, epoll hands over all that the socket holds at once: past [#MAX_HELD] that is given up.
/// - Threads: the connection's event loop.
@SuppressWarnings("FutureReturnValueIgnored") // the channel tells of failed writes by itself
abstract class Connection extends ChannelInboundHandlerAdapter {
  /// Bytes of input that a connection holds; a little more than a socket's buffer.
  private static final int MAX_HELD = 2 << 20;

  private final HeadBuilder heads = new HeadBuilder();
  private @Nullable ChannelHandlerContext context;
  private @Nullable Input input;
  private boolean reading;
  private boolean inRead;
  private boolean flushDue;

  /// Input came or ended: take what is of use.
  abstract void process();

  /// Whether more input is of use now.
  abstract boolean wantsRead();

  /// The channel takes output again, or no more.
  abstract void writabilityChanged();

  /// The channel is closed; called once.
  abstract void closed(Throwable cause);

  /// The peer closed its side but not yet the connection.
  abstract void inputEnded();

  final ChannelHandlerContext ctx() {
    if (context == null) {
      throw new IllegalStateException("the connection has no channel yet");
    }
    return context;
  }

  final Channel channel() {
    return ctx().channel();
  }

  final EventExecutor executor() {
    return ctx().executor();
  }

  final Input input() {
    if (input == null) {
      throw new IllegalStateException("the connection has no channel yet");
    }
    return input;
  }

  final HeadBuilder heads() {
    return heads;
  }

  /// Asks the channel for input if that is wanted and was not asked for yet.
  final void readIfWanted() {
    if (!reading && !input().hasEnded() && wantsRead()) {
      reading = true;
      ctx().read();
    }
  }

  /// Flushes when the events at hand are dealt with.
  final void flushSoon() {
    if (inRead) {
      flushDue = true;
    } else {
      ctx().flush();
    }
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    context = ctx;
    input = new Input(ctx.alloc());
  }

  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    readIfWanted();
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    if (!(message instanceof ByteBuf bytes)) {
      ReferenceCountUtil.release(message);
      return;
    }
    inRead = true;
    input().add(bytes);
    if (input().readable() > MAX_HELD) {
      abort(new HttpFault(HttpFault.Kind.CLOSED, "the peer closed while much was unread"));
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    reading = false;
    inRead = true;
    process();
    inRead = false;
    if (flushDue) {
      flushDue = false;
      ctx.flush();
    }
    readIfWanted();
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    writabilityChanged();
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event instanceof ChannelInputShutdownEvent && !input().hasEnded()) {
      input().end();
      inputEnded();
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    inRead = false;
    input().end();
    closed(new HttpFault(HttpFault.Kind.CLOSED, "the connection was closed"));
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    abort(cause);
  }

  /// Closes at once because of a fault.
  void abort(Throwable cause) {
    ctx().close();
  }
}
