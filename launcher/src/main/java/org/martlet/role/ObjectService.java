package org.martlet.role;

import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.martlet.cluster.Cluster;
import org.martlet.common.device.DeviceRefused;
import org.martlet.common.http.BufferPool;
import org.martlet.common.http.Endpoint;
import org.martlet.common.http.HttpServer;
import org.martlet.common.http.MetricsPage;
import org.martlet.common.http.ServerMeters;
import org.martlet.common.http.UrlForm;
import org.martlet.common.model.ObjectHash;
import org.martlet.common.model.ObjectPath;
import org.martlet.common.model.PathHasher;
import org.martlet.common.ring.Ring;
import org.martlet.common.ring.RingDevice;
import org.martlet.common.runtime.FatalErrors;
import org.martlet.log.StorageAccessLog;
import org.martlet.objectserver.outbox.ContainerNode;
import org.martlet.objectserver.server.FoundDevices;
import org.martlet.objectserver.server.ObjectServer;
import org.martlet.objectserver.server.ObjectServerConfig;
import org.martlet.objectserver.server.Surroundings;
import org.martlet.objectserver.store.DeviceStore;
import org.martlet.objectserver.store.LogDeviceStore;
import org.martlet.objectserver.store.StoreEnvironment;
import org.martlet.recon.ReconContext;
import org.martlet.recon.ReconPage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A running object server: its devices, its handler, its port.
final class ObjectService implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ObjectService.class);

  private final HttpServer http;
  private final ObjectServer server;
  private final LocalServer local;

  private ObjectService(HttpServer http, ObjectServer server, LocalServer local) {
    this.http = http;
    this.server = server;
    this.local = local;
  }

  /// Opens all devices at once and serves. A device that cannot be opened is reported and left out:
  /// the others serve, requests for it are answered 507.
  ///
  /// @param background what is said of background work
  /// @param context what is said of the process
  static ObjectService start(
      ObjectServerConfig config,
      Cluster cluster,
      SharedRuntime runtime,
      BackgroundPage background,
      ReconContext context)
      throws IOException {
    DeviceDirectories.Found directories =
        DeviceDirectories.in(
            config.devices().root(), config.devices().names(), config.devices().mountCheck());
    ReconPage recon =
        new ReconPage(
            context,
            "object",
            DeviceDirectories.uses(
                config.devices().root(),
                directories,
                config.devices().mountCheck(),
                runtime.disk()));
    LocalDevices here = new LocalDevices(config.http().host(), config.http().port());
    FoundDevices found = open(directories, config, cluster, runtime);
    ObjectServer server =
        new ObjectServer(
            config.requests(),
            config.outbox(),
            found,
            knowledge(cluster, here, runtime),
            new Surroundings(
                runtime.client(),
                config.memory().budget(config.requests().queueWait()),
                new BufferPool(runtime.loops(), config.memory().outgoing().bytes()),
                runtime.clock(),
                new SecureRandom(),
                runtime.metrics().registry()));
    try {
      HttpServer http =
          HttpServer.start(
              config.http(),
              runtime.loops(),
              new MetricsPage(
                  runtime.metrics(), runtime.front(background.before(recon.before(server)))),
              ServerMeters.of(runtime.metrics().registry(), "object", UrlForm.STORAGE),
              new StorageAccessLog("martlet.object.access", runtime.clock()),
              runtime.clock());
      runtime.readiness().add(() -> whyNotReady(found));
      Set<String> devices = found.stores().keySet();
      return new ObjectService(
          http, server, LocalServer.of(config.http(), http.port(), devices, here));
    } catch (IOException | RuntimeException e) {
      server.close();
      throw e;
    }
  }

  private static Optional<String> whyNotReady(FoundDevices found) {
    boolean some = found.stores().values().stream().anyMatch(store -> store.lastStatus().answers());
    return some ? Optional.empty() : Optional.of("object-server: no device is online");
  }

  private static org.martlet.objectserver.server.Cluster knowledge(
      Cluster cluster, LocalDevices local, SharedRuntime runtime) {
    PathHasher hasher = cluster.hasher();
    return new org.martlet.objectserver.server.Cluster(
        hasher,
        cluster.policies(),
        cluster.signature(runtime.clock()),
        container -> containerReplicas(cluster.containerRing().current(), hasher, container),
        (policy, hash, device) ->
            cluster.policies().find(policy).stream()
                .map(found -> cluster.objectRing(found).current())
                .map(ring -> replica(ring, hash, device, local))
                .findFirst()
                .orElse(OptionalInt.empty()));
  }

  private static List<ContainerNode> containerReplicas(
      Ring ring, PathHasher hasher, ObjectPath container) {
    return ring.primaries(ring.partition(hasher.hash(container))).stream()
        .map(node -> new ContainerNode(new Endpoint(node.ip(), node.port()), node.device()))
        .toList();
  }

  private static OptionalInt replica(
      Ring ring, ObjectHash hash, String device, LocalDevices local) {
    List<RingDevice> primaries = ring.primaries(ring.partition(hash));
    for (int i = 0; i < primaries.size(); i++) {
      if (primaries.get(i).device().equals(device) && local.test(primaries.get(i))) {
        return OptionalInt.of(i);
      }
    }
    return OptionalInt.empty();
  }

  private static FoundDevices open(
      DeviceDirectories.Found directories,
      ObjectServerConfig config,
      Cluster cluster,
      SharedRuntime runtime) {
    StoreEnvironment environment = environment(cluster, runtime);
    int partPower = partPower(cluster);
    Map<String, DeviceStore> stores = new TreeMap<>();
    Map<String, String> refused = new TreeMap<>(directories.refused());
    try (ExecutorService openers =
        Executors.newCachedThreadPool(Thread.ofPlatform().name("open-", 0).factory())) {
      Map<String, Future<DeviceStore>> opening = new TreeMap<>();
      directories
          .devices()
          .forEach(
              (name, root) ->
                  opening.put(
                      name, openers.submit(() -> open(root, config, partPower, environment))));
      opening.forEach((name, store) -> await(name, store, stores, refused));
    }
    return new FoundDevices(stores, refused, config.devices().rejoin());
  }

  private static DeviceStore open(
      Path root, ObjectServerConfig config, int partPower, StoreEnvironment environment)
      throws IOException {
    LogDeviceStore.checkRejoin(config.devices().rejoin(), root, environment);
    return LogDeviceStore.open(config.store().device(root).forPartPower(partPower), environment);
  }

  static StoreEnvironment environment(Cluster cluster, SharedRuntime runtime) {
    return new StoreEnvironment(
        runtime.disk(),
        runtime.databases(),
        runtime.clock(),
        new SecureRandom(),
        cluster.id(),
        cluster.secret().reveal());
  }

  /// The largest of all object rings.
  static int partPower(Cluster cluster) {
    return cluster.policies().all().stream()
        .mapToInt(policy -> cluster.objectRing(policy).current().partPower())
        .max()
        .orElse(0);
  }

  private static void await(
      String name,
      Future<DeviceStore> opening,
      Map<String, DeviceStore> stores,
      Map<String, String> refused) {
    try {
      stores.put(name, opening.get());
    } catch (ExecutionException e) {
      FatalErrors.passOn(e);
      String reason = reason(e.getCause());
      LOG.error("device {} is not served: {}; the others are", name, reason);
      refused.put(name, reason);
      LOG.debug("device {}", name, e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static String reason(@Nullable Throwable cause) {
    return cause instanceof DeviceRefused refusal
        ? String.valueOf(refusal.getMessage())
        : String.valueOf(cause);
  }

  /// As the background work of this process reaches it.
  LocalServer local() {
    return local;
  }

  /// Where it listens.
  List<HttpServer> ports() {
    return List.of(http);
  }

  /// Stops listening, finishes what was let in, closes the devices.
  @Override
  public void close() {
    http.close();
    server.close();
  }
}
