package org.martlet.containerserver.server;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.martlet.common.device.DeviceIdentity;
import org.martlet.common.device.LastPass;
import org.martlet.common.disk.SpaceGauge;
import org.martlet.common.http.HttpClient;
import org.martlet.common.http.HttpHandler;
import org.martlet.common.http.Refused;
import org.martlet.common.protocol.UpdateBatch;
import org.martlet.common.runtime.DeviceLane;
import org.martlet.containerserver.listing.ListingEnvironment;
import org.martlet.containerserver.listing.ListingFault;
import org.martlet.containerserver.listing.ListingKind;
import org.martlet.containerserver.listing.ListingReplicas;
import org.martlet.containerserver.listing.ListingStore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The account and container services of one node: two handlers over the same devices.
///
/// The caller gives each handler a port of its own, and stops listening before [#close]. Devices
/// open in the background after [#start]; until then, and if they cannot be opened, they answer
/// 507.
///
/// Threads: any; [#close] blocks.
public final class ContainerServer implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(ContainerServer.class);
  private static final Duration STOP_LIMIT = Duration.ofSeconds(7);
  private static final Duration PASS_LIMIT = Duration.ofSeconds(2);

  /// What replicas and services may have under way on one device. They ask one thing at a time
  /// each.
  private static final DeviceLane.Limits BACKGROUND =
      new DeviceLane.Limits(2, 256, Duration.ofSeconds(10));

  private final ContainerServerConfig config;
  private final Cluster cluster;
  private final Machine machine;
  private final SortedMap<String, ListingDevice> devices;
  private final AccountReporter reporter;
  private final HttpHandler containers;
  private final HttpHandler accounts;
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("listing-timer").factory());
  private final ScheduledExecutorService reports;

  /// @param directories the directory of each local device, by the name that rings have for it
  /// @param targets where the statistics of containers go
  /// @param rings what belongs to which local device
  /// @param client takes statistics to accounts
  public ContainerServer(
      ContainerServerConfig config,
      Map<String, Path> directories,
      Cluster cluster,
      Machine machine,
      AccountTargets targets,
      ListingRings rings,
      HttpClient client) {
    this.config = config;
    this.cluster = cluster;
    this.machine = machine;
    this.devices = devices(directories);
    this.reporter =
        new AccountReporter(
            targets,
            new HttpStatSender(client, cluster.signature(), config.reports().timeout()),
            config.reports(),
            machine.clock(),
            machine.ticker(),
            machine.meters());
    // A pass is never under way twice on one device: each has a thread of its own, so to speak.
    this.reports =
        Executors.newScheduledThreadPool(
            Math.max(1, devices.size()),
            Thread.ofPlatform().daemon().name("account-reporter-", 0).factory());
    ListingMemory memory = new ListingMemory((int) config.requests().listings().bytes());
    BodyCollector batches =
        new BodyCollector((int) config.requests().batches().bytes(), UpdateBatch.MAX_BYTES);
    this.containers =
        handler(
            ListingKind.CONTAINER,
            batches,
            replication(ListingKind.CONTAINER, rings, batches, memory),
            new ContainerVerbs(
                cluster.hasher(),
                cluster.policies(),
                reporter,
                config.requests().listing(),
                memory));
    this.accounts =
        handler(
            ListingKind.ACCOUNT,
            batches,
            replication(ListingKind.ACCOUNT, rings, batches, memory),
            new AccountVerbs(
                cluster.hasher(),
                cluster.policies(),
                machine.clock(),
                config.requests().listing(),
                memory));
  }

  private SortedMap<String, ListingDevice> devices(Map<String, Path> directories) {
    SortedMap<String, ListingDevice> made = new TreeMap<>();
    directories.forEach(
        (name, directory) ->
            made.put(
                name,
                new ListingDevice(
                    name,
                    directory,
                    new DeviceLane(
                        "listing-" + name,
                        config.requests().lane(),
                        machine.ticker()::read,
                        () -> new Refused(503, "The device is busy")),
                    new DeviceLane(
                        "listing-background-" + name,
                        BACKGROUND,
                        machine.ticker()::read,
                        () -> new Refused(503, "The device is busy with other replicas")),
                    machine.disk(),
                    new SpaceGauge(
                        machine.disk(),
                        directory,
                        config.requests().space(),
                        machine.ticker()::read),
                    config.requests().batchesOfOneDevice())));
    return Collections.unmodifiableSortedMap(made);
  }

  private ReplicationHandler replication(
      ListingKind kind, ListingRings rings, BodyCollector bodies, ListingMemory memory) {
    return new ReplicationHandler(
        kind, rings, bodies, memory, config.devices().rejoin(), machine.clock());
  }

  private HttpHandler handler(
      ListingKind kind, BodyCollector batches, ReplicationHandler replication, Verbs verbs) {
    return new ListingHandler(
        verbs,
        replication,
        devices,
        cluster.signature(),
        batches,
        new ReconAnswers(kind, version(), devices, reporter::lastSweep));
  }

  private static String version() {
    String version = ContainerServer.class.getPackage().getImplementationVersion();
    return version == null ? "development" : version;
  }

  /// Opens the devices and begins to report to accounts; returns at once.
  @SuppressWarnings("FutureReturnValueIgnored") // the tasks log their failures by themselves
  public void start() {
    devices.values().forEach(new ListingDeviceMeters(machine.meters())::register);
    for (ListingDevice device : devices.values()) {
      device.lane().resume(opening(device));
    }
    Duration wait = config.requests().queueWait();
    Duration commit = config.store().busyAfter();
    long tick = Math.max(1, (wait.compareTo(commit) < 0 ? wait : commit).toMillis() / 4);
    timer.scheduleWithFixedDelay(this::refuseOverdue, tick, tick, TimeUnit.MILLISECONDS);
    long interval = config.reports().interval().toMillis();
    for (ListingDevice device : devices.values()) {
      reports.scheduleWithFixedDelay(
          () -> report(device), interval, interval, TimeUnit.MILLISECONDS);
    }
  }

  private DeviceLane.Call<Boolean> opening(ListingDevice device) {
    return () -> {
      device.open(this::open);
      return true;
    };
  }

  private DeviceState.Online open(Path directory) throws IOException {
    DeviceIdentity.read(machine.disk(), directory, cluster.id());
    ListingEnvironment environment =
        new ListingEnvironment(
            cluster.hasher(),
            cluster.digestKey(),
            machine.clock(),
            machine.ticker(),
            machine.meters());
    ListingStore store =
        ListingStore.open(
            directory, machine.disk(), machine.databases(), config.store(), environment);
    DeviceState.Online online = DeviceState.Online.of(store, config.metadata());
    try {
      for (ListingKind kind : ListingKind.values()) {
        checkRejoin(directory, kind, online.replicas());
      }
      return online;
    } catch (IOException e) {
      store.close();
      throw e;
    }
  }

  /// @throws org.martlet.common.device.DeviceRefused if it holds listings and was away for too long
  private void checkRejoin(Path directory, ListingKind kind, ListingReplicas replicas)
      throws IOException {
    try {
      LastPass pass = new LastPass(machine.disk(), directory, kind.service());
      Instant now = machine.clock().instant();
      if (!replicas.isEmpty(kind)) {
        config.devices().rejoin().check(pass, directory, now);
      } else if (pass.read().isPresent()) {
        // Who has nothing has missed nothing.
        pass.write(now);
      }
    } catch (ListingFault e) {
      throw new IOException("the listings cannot be read", e);
    }
  }

  private void refuseOverdue() {
    devices.values().forEach(ListingDevice::refuseOverdue);
  }

  private void report(ListingDevice device) {
    try {
      device.measureSpace();
      reporter.pass(device);
    } catch (RuntimeException e) {
      log.error("device {}: a pass of account reports failed", device.name(), e);
    }
  }

  /// Serves the container service's port.
  public HttpHandler containerHandler() {
    return containers;
  }

  /// Serves the account service's port.
  public HttpHandler accountHandler() {
    return accounts;
  }

  /// Why it should get no requests now; never blocks on a device.
  public Optional<String> whyNotReady() {
    List<String> opening =
        devices.values().stream()
            .filter(device -> device.state() instanceof DeviceState.Opening)
            .map(ListingDevice::name)
            .toList();
    if (!opening.isEmpty()) {
      return Optional.of("devices are being opened: " + String.join(", ", opening));
    }
    boolean some =
        devices.values().stream().anyMatch(device -> device.state() instanceof DeviceState.Online);
    return some ? Optional.empty() : Optional.of("no device is online");
  }

  Collection<ListingDevice> devices() {
    return devices.values();
  }

  /// Finishes what was let in, then closes the databases, those of all devices at once. What is due
  /// to accounts stays marked. A device that hangs is left open after some seconds.
  @Override
  public void close() {
    reports.shutdown();
    List<Thread> closing =
        devices.values().stream()
            .map(
                device ->
                    Thread.ofPlatform()
                        .daemon()
                        .name("stop-" + device.name())
                        .start(() -> device.close(STOP_LIMIT)))
            .toList();
    try {
      for (Thread device : closing) {
        device.join();
      }
      if (!reports.awaitTermination(PASS_LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
        log.warn("a pass of account reports does not end");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    timer.shutdown();
  }
}
