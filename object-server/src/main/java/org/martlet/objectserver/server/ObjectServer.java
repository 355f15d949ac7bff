package org.martlet.objectserver.server;

import java.time.Duration;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.martlet.common.device.RejoinRule;
import org.martlet.common.http.Headers;
import org.martlet.common.http.HttpHandler;
import org.martlet.common.http.Refused;
import org.martlet.common.http.Request;
import org.martlet.common.http.Response;
import org.martlet.common.http.ServerRequest;
import org.martlet.common.protocol.BackendHeaders;
import org.martlet.common.protocol.BackendPath;
import org.martlet.common.runtime.DeviceLane;
import org.martlet.objectserver.outbox.Outbox;
import org.martlet.objectserver.outbox.OutboxConfig;
import org.martlet.objectserver.outbox.OutboxDevice;
import org.martlet.objectserver.state.ObjectKey;
import org.martlet.objectserver.store.DeviceStore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The object service of one or more devices: `docs/http-api.md` §1.1 and §1.2.
///
/// Wires its parts here, top to bottom. Owns its devices: [#close] closes them.
///
/// - Threads: [#handle] is called on event loops and does not block; each device's store is called
///   on that device's threads only.
public final class ObjectServer implements HttpHandler, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ObjectServer.class);
  private static final Duration SWEEP = Duration.ofMillis(250);
  private static final Duration STOP = Duration.ofSeconds(15);
  private static final Duration INSPECTION_STOP = Duration.ofSeconds(1);
  private static final String METHODS = "GET, HEAD, PUT, POST, DELETE, OPTIONS";

  private final Cluster cluster;
  private final Surroundings surroundings;
  private final SortedMap<String, Device> devices = new TreeMap<>();
  private final Map<String, String> refused;
  private final Outbox outbox;
  private final PutHandler puts;
  private final PostHandler posts;
  private final DeleteHandler deletes;
  private final ReadHandler reads;
  private final ReplicationHandler replication;
  private final ReconHandler recon;
  private final InspectionHandler inspections;
  private final ScheduledExecutorService timer;

  /// @param found requests for a device that is not open are answered 507
  public ObjectServer(
      RequestLimits limits,
      OutboxConfig outboxConfig,
      FoundDevices found,
      Cluster cluster,
      Surroundings surroundings) {
    this.cluster = cluster;
    this.surroundings = surroundings;
    this.refused = Map.copyOf(found.refused());
    found.stores().forEach((name, store) -> devices.put(name, device(name, store, limits)));
    this.outbox =
        new Outbox(
            outboxConfig,
            cluster.containers(),
            surroundings.client(),
            cluster.signature(),
            surroundings.clock(),
            surroundings.metrics());
    ListingUpdates listings = new ListingUpdates(cluster.objects(), outbox);
    ReadBuffers buffers = new PooledBuffers(surroundings.buffers());
    int readChunk = Math.toIntExact(limits.readChunk().bytes());
    this.puts = new PutHandler(surroundings.bodies(), buffers, listings);
    this.posts = new PostHandler(listings);
    this.deletes = new DeleteHandler(listings);
    this.reads = new ReadHandler(buffers, readChunk, surroundings.clock(), surroundings.random());
    this.replication = replication(listings, buffers, readChunk, found.rejoin());
    this.recon =
        new ReconHandler(version(), devices.values(), refused, outbox, surroundings.metrics());
    this.inspections =
        new InspectionHandler(cluster.hasher(), devices.values(), surroundings.ticker()::read);
    this.timer =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("object-timer").factory());
    start();
  }

  private Device device(String name, DeviceStore store, RequestLimits limits) {
    RepairQueue repairs = new RepairQueue(surroundings.clock().millis());
    QuarantineCounts quarantined = new QuarantineCounts();
    store.whenQuarantined(
        key -> {
          quarantined.add(key.policy());
          repairs.add(key, RepairQueue.Reason.DAMAGED);
        });
    return new Device(name, store, lane(name, limits), repairs, quarantined);
  }

  private ReplicationHandler replication(
      ListingUpdates listings, ReadBuffers buffers, int readChunk, RejoinRule rejoin) {
    Primaries primaries = new Primaries(cluster.objects());
    WholeBody whole = new WholeBody(surroundings.bodies());
    return new ReplicationHandler(
        new DigestExchange(primaries, whole),
        new RecordReads(primaries, whole, buffers, readChunk, surroundings.ticker()::read),
        new RecordMerger(cluster.hasher(), primaries, listings, surroundings.clock()),
        new ForgetHandler(primaries, whole),
        new ReplicationHandler.DeviceQueries(
            new RepairHandler(whole),
            new ExpiringHandler(surroundings.ticker()::read),
            new PassHandler(rejoin, surroundings.clock())),
        new ReplicationHandler.Incoming(surroundings.bodies(), buffers));
  }

  private DeviceLane lane(String name, RequestLimits limits) {
    return new DeviceLane(
        "object-" + name,
        new DeviceLane.Limits(limits.threads(), limits.queue(), limits.queueWait()),
        surroundings.ticker()::read,
        () -> new Refused(503, "The device is busy"));
  }

  @SuppressWarnings("FutureReturnValueIgnored") // lanes do not throw
  private void start() {
    DeviceMeters meters = new DeviceMeters(surroundings.metrics(), cluster.policies().all());
    devices.values().forEach(meters::register);
    meters.registerRefused(refused);
    devices.values().forEach(d -> outbox.attach(new OutboxDevice(d.name(), d.store(), d.lane())));
    timer.scheduleWithFixedDelay(
        this::refuseOverdue, SWEEP.toMillis(), SWEEP.toMillis(), TimeUnit.MILLISECONDS);
  }

  /// A timer that throws is not run again, and a device that hangs would collect its callers.
  private void refuseOverdue() {
    inspections.refuseOverdue();
    for (Device device : devices.values()) {
      try {
        device.lane().refuseOverdue();
        device.store().refuseOverdue();
      } catch (RuntimeException e) {
        LOG.error("device {}: what waits too long is not refused", device.name(), e);
      }
    }
  }

  private static String version() {
    String version = ObjectServer.class.getPackage().getImplementationVersion();
    return version == null ? "development" : version;
  }

  @Override
  public CompletableFuture<Response> handle(ServerRequest server) {
    long started = surroundings.clock().millis();
    CompletableFuture<Response> answer;
    try {
      answer = route(server).exceptionally(Answers::of);
    } catch (Refused refused) {
      answer = CompletableFuture.completedFuture(refused.response());
    }
    return LOG.isDebugEnabled()
        ? answer.whenComplete((response, failure) -> log(server.request(), response, started))
        : answer;
  }

  private void log(Request request, @Nullable Response response, long started) {
    LOG.debug(
        "{} {} {} {} ms {}",
        request.method(),
        request.target(),
        response == null ? 500 : response.status(),
        surroundings.clock().millis() - started,
        request.headers().getOr(BackendHeaders.TRANSACTION, "-"));
  }

  private CompletableFuture<Response> route(ServerRequest server) {
    Request request = server.request();
    String path = request.rawPath();
    boolean reads = request.method().equals("GET") || request.method().equals("HEAD");
    if (reads && path.equals("/healthcheck")) {
      return CompletableFuture.completedFuture(Response.text(200, "OK"));
    }
    if (reads && path.startsWith("/recon/")) {
      return recon.get(path);
    }
    if (request.method().equals("OPTIONS")) {
      return CompletableFuture.completedFuture(
          Response.empty(
              200, Headers.of("Allow", METHODS, "Server", "object-server/" + version())));
    }
    cluster.signature().check(server);
    ReplicationHandler.@Nullable Target peer = ReplicationHandler.Target.of(path);
    if (peer != null) {
      return replication.handle(request, device(peer.device()), peer.what(), this::policy);
    }
    if (isOfDevice(path, InspectionHandler.PATH)) {
      return inspections.get(
          deviceAsked(request, InspectionHandler.PATH), request.rawQuery(), this::policy);
    }
    return dispatch(call(server, path));
  }

  /// Whether a path is that of a device and this.
  private static boolean isOfDevice(String path, String what) {
    return path.endsWith(what) && path.indexOf('/', 1) == path.length() - what.length();
  }

  private Device deviceAsked(Request request, String what) {
    if (!request.method().equals("GET")) {
      throw notAllowed();
    }
    String path = request.rawPath();
    return device(path.substring(1, path.length() - what.length()));
  }

  private ObjectCall call(ServerRequest server, String path) {
    Headers headers = server.request().headers();
    boolean allowReserved = ObjectCall.saysTrue(headers.get(BackendHeaders.ALLOW_RESERVED_NAMES));
    BackendPath target = BackendPath.parseObject(path, allowReserved);
    int policy = policy(headers.getOr(BackendHeaders.POLICY_INDEX, "0"));
    server.concerns(policy);
    Device device = device(target.device());
    ObjectKey key = ObjectKey.whole(policy, cluster.hasher().hash(target.path()));
    return new ObjectCall(server, device, target.path(), key);
  }

  private int policy(String given) {
    String index = given.strip();
    boolean number =
        !index.isEmpty()
            && index.length() <= 5
            && index.chars().allMatch(c -> c >= '0' && c <= '9');
    if (!number || cluster.policies().find(Integer.parseInt(index)).isEmpty()) {
      throw new Refused(503, "There is no storage policy of index " + index);
    }
    return Integer.parseInt(index);
  }

  private Device device(String name) {
    BackendPath.checkDevice(name);
    Device device = devices.get(name);
    if (device == null) {
      throw new Refused(
          507, "Drive " + name + (refused.containsKey(name) ? " is refused" : " is not") + " here");
    }
    device.checkAnswersQuickly();
    return device;
  }

  private CompletableFuture<Response> dispatch(ObjectCall call) {
    return switch (call.server().request().method()) {
      case "GET" -> reads.get(call);
      case "HEAD" -> reads.head(call);
      case "PUT" -> puts.put(call);
      case "POST" -> posts.post(call);
      case "DELETE" -> deletes.delete(call);
      default -> throw notAllowed();
    };
  }

  private static Refused notAllowed() {
    return new Refused(
        405, "The method is not allowed for this resource.", Headers.of("Allow", METHODS));
  }

  /// Finishes what was begun and closes the devices; listing updates not yet delivered are there
  /// at the next start. To be called once the transport has stopped to take requests; blocks.
  @Override
  public void close() {
    outbox.close();
    timer.shutdown();
    inspections.close(INSPECTION_STOP);
    for (Device device : devices.values()) {
      if (!device.lane().close(STOP)) {
        LOG.error("device {} hangs; it is left as after a crash", device.name());
        continue;
      }
      device.store().close();
    }
  }
}
