package org.martlet.role;

import io.micrometer.core.instrument.Gauge;
import java.time.InstantSource;
import java.util.UUID;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.martlet.Version;
import org.martlet.cluster.Cluster;
import org.martlet.cluster.RingMeters;
import org.martlet.cluster.RingPage;
import org.martlet.common.disk.Disk;
import org.martlet.common.disk.RealDisk;
import org.martlet.common.http.EventLoops;
import org.martlet.common.http.HealthPage;
import org.martlet.common.http.HttpClient;
import org.martlet.common.http.HttpClientConfig;
import org.martlet.common.http.HttpHandler;
import org.martlet.common.http.NettyHttpClient;
import org.martlet.common.kv.KeyValueConfig;
import org.martlet.common.kv.KeyValueEngine;
import org.martlet.common.runtime.Metrics;
import org.martlet.common.runtime.Readiness;
import org.martlet.common.runtime.TimestampSource;
import org.martlet.log.LogPage;
import org.martlet.log.ProcessLog;
import org.martlet.recon.ReconContext;

/// What all servers in one process share: event loops, the client's connections, the memory of the
/// databases, clocks, meters, and a timer for small regular work.
///
/// Closed last, after every server that uses it.
public final class SharedRuntime implements AutoCloseable {
  private static final int FILES_WAITING = 64;
  private static final int FILES_IDLE_SECONDS = 60;

  private final InstantSource clock = InstantSource.system();
  private final TimestampSource timestamps = new TimestampSource(clock);
  private final Metrics metrics = new Metrics().withJvm().withVersion(Version.text());
  private final Disk disk = new RealDisk();
  private final EventLoops loops;
  private final HttpClient client;
  private final KeyValueEngine databases;
  private final ExecutorService files = makeFiles();
  private final RingPage rings;
  private final ReconContext.Instance instance;
  private final Readiness readiness = new Readiness();
  private final HealthPage health;
  private final LogPage log;
  private final LiveFiles configuration = new LiveFiles();
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("timer").factory());

  /// @param memory of the databases
  /// @param cluster whose rings the process gives away and takes
  /// @param log whose levels can be set over the network
  public SharedRuntime(KeyValueConfig memory, Cluster cluster, ProcessLog log) {
    this.loops = EventLoops.start();
    this.client = new NettyHttpClient(loops, HttpClientConfig.DEFAULT, metrics.registry());
    this.databases = new KeyValueEngine(memory);
    loops.measure(metrics.registry());
    Gauge.builder("martlet.database.cache", databases, KeyValueEngine::cacheBytes)
        .description("bytes of the databases' cache that are in use, write buffers included")
        .baseUnit("bytes")
        .register(metrics.registry());
    RingMeters.register(cluster.inbox().rings(), metrics.registry());
    this.instance = new ReconContext.Instance(Version.text(), UUID.randomUUID(), clock.instant());
    this.rings =
        new RingPage(
            cluster.inbox(), cluster.ringSeal(), cluster.signature(clock), instance.id(), files);
    this.health = new HealthPage(readiness, cluster.disablingFile(), files);
    this.log = new LogPage(log, cluster.signature(clock), cluster.signs());
  }

  public InstantSource clock() {
    return clock;
  }

  public TimestampSource timestamps() {
    return timestamps;
  }

  public Metrics metrics() {
    return metrics;
  }

  public Disk disk() {
    return disk;
  }

  public EventLoops loops() {
    return loops;
  }

  public HttpClient client() {
    return client;
  }

  public KeyValueEngine databases() {
    return databases;
  }

  /// The files that the process is started from.
  public LiveFiles configuration() {
    return configuration;
  }

  /// Whether the process should be given work.
  public Readiness readiness() {
    return readiness;
  }

  /// What every port answers, whatever it is for: in front of its handler.
  HttpHandler front(HttpHandler behind) {
    return health.before(log.before(behind));
  }

  /// The process's rings, in front of all its services.
  RingPage rings() {
    return rings;
  }

  /// Which process this is.
  ReconContext.Instance instance() {
    return instance;
  }

  /// Reads and writes small files for requests.
  ExecutorService files() {
    return files;
  }

  /// For work on small files that is asked for over the network: one at a time, some may wait, more
  /// are rejected.
  private static ExecutorService makeFiles() {
    ThreadPoolExecutor pool =
        new ThreadPoolExecutor(
            1,
            1,
            FILES_IDLE_SECONDS,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(FILES_WAITING),
            Thread.ofPlatform().daemon().name("files").factory());
    pool.allowCoreThreadTimeOut(true);
    return pool;
  }

  public ScheduledExecutorService timer() {
    return timer;
  }

  @Override
  public void close() {
    timer.shutdownNow();
    files.shutdownNow();
    client.close();
    loops.close();
    databases.close();
    metrics.close();
  }
}
