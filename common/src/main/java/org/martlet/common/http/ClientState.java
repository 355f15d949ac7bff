package org.martlet.common.http;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.WriteBufferWaterMark;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// What the pools of one client share.
///
/// - Threads: any.
final class ClientState {
  private static final WriteBufferWaterMark WATER_MARK =
      new WriteBufferWaterMark(64 * 1024, 192 * 1024);

  /// Fixed, so that what a closed connection still holds is bounded (see [Connection]).
  private static final int RECEIVE_BUFFER = 512 * 1024;

  private final EventLoops loops;
  private final HttpClientConfig config;
  private final ConcurrentHashMap<Endpoint, EndpointPool> pools = new ConcurrentHashMap<>();
  private final AtomicInteger connections = new AtomicInteger();
  private volatile boolean closed;

  ClientState(EventLoops loops, HttpClientConfig config) {
    this.loops = loops;
    this.config = config;
  }

  EventLoops loops() {
    return loops;
  }

  HttpClientConfig config() {
    return config;
  }

  int connectionCount() {
    return connections.get();
  }

  EndpointPool pool(Endpoint to) {
    EndpointPool pool = pools.computeIfAbsent(to, key -> new EndpointPool(key, this));
    if (closed) {
      pool.close();
    }
    return pool;
  }

  /// Counts a connection that is about to be made; an idle one to any server yields if need be.
  boolean connectionAllowed() {
    if (connections.incrementAndGet() <= config.maxTotal()) {
      return true;
    }
    for (EndpointPool pool : pools.values()) {
      if (pool.evict()) {
        return true;
      }
    }
    return false;
  }

  void connectionGone() {
    connections.decrementAndGet();
  }

  /// What makes connections, on the caller's loop if it runs on one.
  Bootstrap bootstrap(@Nullable EventLoop loop, Duration timeout) {
    return new Bootstrap()
        .group(loop == null ? loops.group() : loop)
        .channel(loops.clientChannel())
        .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) Math.max(1, timeout.toMillis()))
        .option(ChannelOption.TCP_NODELAY, true)
        .option(ChannelOption.SO_RCVBUF, RECEIVE_BUFFER)
        .option(ChannelOption.AUTO_READ, false)
        .option(ChannelOption.AUTO_CLOSE, false)
        .option(ChannelOption.ALLOCATOR, loops.allocator())
        .option(ChannelOption.WRITE_BUFFER_WATER_MARK, WATER_MARK)
        .option(
            ChannelOption.RECVBUF_ALLOCATOR,
            new AdaptiveRecvByteBufAllocator(512, 2048, 65_536).maxMessagesPerRead(1));
  }

  void close() {
    closed = true;
    pools.values().forEach(EndpointPool::close);
  }
}
