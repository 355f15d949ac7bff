package org.martlet.common.http;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.ServerSocketChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.EventExecutor;
import java.time.Duration;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The threads and the buffers of all servers and clients of one process.
///
/// - Threads: a few event loops (epoll on Linux, else NIO), which nothing may block, and two that
///   look up host names, which does block.
/// - Buffers: direct memory in pools, one a loop; an eighth of the heap for the heads of requests.
@SuppressWarnings("FutureReturnValueIgnored") // the channel tells of failed writes by itself
public final class EventLoops implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(EventLoops.class);

  private static final int PAGE_BYTES = 8192;

  /// Pools grow by pages shifted by this: 4 MiB.
  private static final int POOL_ORDER = 9;

  private static final int MAX_LOOKUPS_WAITING = 1024;

  private final EventLoopGroup group;
  private final boolean epoll;
  private final ByteBufAllocator allocator;
  private final HeadBudget heads;
  private final ThreadPoolExecutor lookups;

  private EventLoops(int threads, boolean epoll, ByteBufAllocator allocator, HeadBudget heads) {
    IoHandlerFactory io = epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
    this.group =
        new MultiThreadIoEventLoopGroup(threads, new DefaultThreadFactory("http", true), io);
    this.epoll = epoll;
    this.allocator = allocator;
    this.heads = heads;
    this.lookups =
        new ThreadPoolExecutor(
            2,
            2,
            10,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(MAX_LOOKUPS_WAITING),
            new DefaultThreadFactory("http-lookup", true));
    this.lookups.allowCoreThreadTimeOut(true);
  }

  /// One loop a core, at least two.
  public static EventLoops start() {
    return start(Math.max(2, Runtime.getRuntime().availableProcessors()));
  }

  public static EventLoops start(int threads) {
    boolean epoll = Epoll.isAvailable();
    if (!epoll) {
      LOG.warn(
          "epoll cannot be used here, NIO is: {}", String.valueOf(Epoll.unavailabilityCause()));
    }
    HeadBudget heads = HeadBudget.ofHeap(Runtime.getRuntime().maxMemory());
    return start(threads, epoll, pooled(threads), heads);
  }

  static EventLoops start(
      int threads, boolean epoll, ByteBufAllocator allocator, HeadBudget heads) {
    return new EventLoops(threads, epoll, allocator, heads);
  }

  static PooledByteBufAllocator pooled(int threads) {
    return new PooledByteBufAllocator(true, 0, threads, PAGE_BYTES, POOL_ORDER, 256, 64, false);
  }

  /// Whether the loops use epoll.
  public boolean usesEpoll() {
    return epoll;
  }

  /// Measures the buffers.
  public void measure(MeterRegistry registry) {
    if (allocator instanceof PooledByteBufAllocator pools) {
      Gauge.builder("martlet.http.buffers", pools, of -> (double) of.metric().usedDirectMemory())
          .description("bytes of direct memory that the pools of buffers have taken")
          .baseUnit("bytes")
          .register(registry);
    }
  }

  EventLoopGroup group() {
    return group;
  }

  ByteBufAllocator allocator() {
    return allocator;
  }

  HeadBudget heads() {
    return heads;
  }

  ThreadPoolExecutor lookups() {
    return lookups;
  }

  Class<? extends ServerSocketChannel> serverChannel() {
    return epoll ? EpollServerSocketChannel.class : NioServerSocketChannel.class;
  }

  Class<? extends SocketChannel> clientChannel() {
    return epoll ? EpollSocketChannel.class : NioSocketChannel.class;
  }

  /// The loop that runs the caller, null on other threads.
  @Nullable EventLoop current() {
    for (EventExecutor loop : group) {
      if (loop.inEventLoop()) {
        return (EventLoop) loop;
      }
    }
    return null;
  }

  /// Stops the threads, closing what is still open; close servers and clients before.
  @Override
  public void close() {
    lookups.shutdownNow();
    group
        .shutdownGracefully(0, 2, TimeUnit.SECONDS)
        .awaitUninterruptibly(Duration.ofSeconds(5).toMillis());
  }
}
