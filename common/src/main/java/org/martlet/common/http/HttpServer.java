package org.martlet.common.http;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.epoll.EpollChannelOption;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicBoolean;

/// A listening HTTP/1.0 and HTTP/1.1 server.
///
/// - Refused before a handler sees it, with a short text, and the connection closed: what is not
///   HTTP/1.x (400, 505), too large (400, 414), framed ambiguously (400), in a transfer coding
///   other than chunked (501), an unknown expectation (417), a head that comes too slowly (408).
/// - `Transfer-Encoding: chunked` beside `Content-Length`: the chunks count, the length is dropped
///   before the handler sees it, and the connection is closed after the answer (RFC 9112 §6.3).
/// - Threads: [#start] and [#close] block; handlers are called on event loops.
@SuppressWarnings("FutureReturnValueIgnored") // the channel tells of failed writes by itself
public final class HttpServer implements AutoCloseable {
  private static final Duration CUT = Duration.ofSeconds(1);

  private static final int BACKLOG = 4096;
  private static final WriteBufferWaterMark WATER_MARK =
      new WriteBufferWaterMark(64 * 1024, 192 * 1024);

  private final ServerState state;
  private final Channel listener;
  private final AtomicBoolean closing = new AtomicBoolean();

  private HttpServer(ServerState state, Channel listener) {
    this.state = state;
    this.listener = listener;
  }

  /// Starts a server with the system's clock and without metrics.
  public static HttpServer start(HttpServerConfig config, EventLoops loops, HttpHandler handler)
      throws IOException {
    return start(
        config, loops, handler, ServerMeters.unseen(), RequestLog.NONE, InstantSource.system());
  }

  /// Starts a server that writes no log of its requests.
  public static HttpServer start(
      HttpServerConfig config,
      EventLoops loops,
      HttpHandler handler,
      ServerMeters meters,
      InstantSource clock)
      throws IOException {
    return start(config, loops, handler, meters, RequestLog.NONE, clock);
  }

  /// Starts to listen.
  ///
  /// - Errors: [IOException] that says what is wrong with the address, e.g. that the port is in
  ///   use.
  public static HttpServer start(
      HttpServerConfig config,
      EventLoops loops,
      HttpHandler handler,
      ServerMeters meters,
      RequestLog log,
      InstantSource clock)
      throws IOException {
    ServerState state =
        new ServerState(config, handler, new DateHeader(clock), loops.heads(), meters, log);
    ServerBootstrap bootstrap =
        new ServerBootstrap()
            .group(loops.group())
            .channel(loops.serverChannel())
            .option(ChannelOption.SO_REUSEADDR, true)
            .option(ChannelOption.SO_BACKLOG, BACKLOG)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childOption(ChannelOption.AUTO_READ, false)
            .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
            .childOption(ChannelOption.ALLOCATOR, loops.allocator())
            .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, WATER_MARK)
            .childOption(
                ChannelOption.RECVBUF_ALLOCATOR,
                new AdaptiveRecvByteBufAllocator(512, 2048, 65_536).maxMessagesPerRead(1))
            .childHandler(
                new ChannelInitializer<>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    channel.pipeline().addLast(new ServerConnection(state));
                  }
                });
    if (config.sharedPort()) {
      sharePort(bootstrap, config, loops);
    }
    HttpServer server = new HttpServer(state, bind(bootstrap, config));
    meters.watch(state);
    return server;
  }

  /// The port that is bound, also where the system chose it.
  public int port() {
    return ((InetSocketAddress) listener.localAddress()).getPort();
  }

  /// Open connections.
  public int connections() {
    return state.connectionCount();
  }

  /// Requests whose answer is not finished.
  public int activeRequests() {
    return state.requestCount();
  }

  /// Stops, in three steps; blocks until the last is done, [#closesWithin] at most.
  ///
  /// 1. Requests are answered as ever, but with `Connection: close`; idle connections stay open for
  ///    the grace. No new connections: another process may listen on the port now.
  /// 2. Idle connections are closed. Requests in flight get the configured time; one that still
  ///    comes, on a connection that was not idle, is answered 503 with `Retry-After`.
  /// 3. What is left is cut.
  ///
  /// Returns as soon as there is no connection any more; the second time, at once.
  @Override
  public void close() {
    if (!closing.compareAndSet(false, true)) {
      return;
    }
    state.leave();
    listener.close().awaitUninterruptibly();
    state.awaitEmpty(state.config().timeouts().grace());
    state.drain();
    state.awaitEmpty(state.config().timeouts().drain());
    state.closeAll();
    state.awaitEnd(CUT);
  }

  /// Has [#close], which waits or will be called, cut at once what is in flight.
  public void hurry() {
    state.hurry();
  }

  /// How long [#close] takes at most.
  public Duration closesWithin() {
    ServerTimeouts timeouts = state.config().timeouts();
    return timeouts.grace().plus(timeouts.drain()).plus(CUT);
  }

  /// Only with epoll: where it cannot be used, a closed port goes on to take connections for a
  /// moment, and loses them.
  private static void sharePort(
      ServerBootstrap bootstrap, HttpServerConfig config, EventLoops loops) throws IOException {
    if (!loops.usesEpoll()) {
      throw new IOException(
          "port " + config.port() + " cannot be shared: that needs Linux and its epoll");
    }
    bootstrap.option(EpollChannelOption.SO_REUSEPORT, true);
  }

  private static Channel bind(ServerBootstrap bootstrap, HttpServerConfig config)
      throws IOException {
    InetSocketAddress address = new InetSocketAddress(config.host(), config.port());
    if (address.isUnresolved()) {
      throw new IOException("there is no address for the name " + config.host());
    }
    ChannelFuture bound = bootstrap.bind(address).awaitUninterruptibly();
    if (bound.isSuccess()) {
      return bound.channel();
    }
    Throwable cause = bound.cause();
    String where = "port " + config.port() + " on " + config.host();
    if (String.valueOf(cause.getMessage()).contains("in use")) {
      throw new BindException(where + " is in use");
    }
    throw new IOException("cannot listen on " + where + ": " + cause.getMessage(), cause);
  }
}
