package org.martlet.role;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.martlet.cluster.Cluster;
import org.martlet.cluster.ConfigFiles;
import org.martlet.containerserver.server.ContainerServerConfig;
import org.martlet.objectserver.server.ObjectServerConfig;
import org.martlet.recon.ReconContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The services of one storage machine and their background work, all in this process or some.
///
/// Each process does the background work of its own services: with object and container server
/// apart, neither needs a third one.
public final class StorageNode {
  private static final Logger LOG = LoggerFactory.getLogger(StorageNode.class);
  private static final Path PROC = Path.of("/proc");
  private static final Path SWIFT_CONF = Path.of("/etc/swift/swift.conf");

  private final Cluster cluster;
  private final SharedRuntime runtime;
  private final Running running;
  private final BackgroundPage page;
  private final ReconContext recon;

  /// @param directory of the configuration
  private StorageNode(Path directory, Cluster cluster, SharedRuntime runtime, Running running) {
    this.cluster = cluster;
    this.runtime = runtime;
    this.running = running;
    this.page = new BackgroundPage(cluster.signature(runtime.clock()), runtime.rings());
    this.recon =
        new ReconContext(
            runtime.instance(),
            PROC,
            cluster.inbox().rings(),
            List.of(directory.resolve(SWIFT_CONF.getFileName()), SWIFT_CONF),
            page.recon(),
            runtime.clock(),
            runtime.files());
  }

  /// Starts object, container and account services from the files in one directory, in a process of
  /// their own; they are stopped with what is running.
  static void start(Path directory, Cluster cluster, SharedRuntime runtime, Running running)
      throws IOException {
    BackgroundService background = startAll(directory, cluster, runtime, running);
    cluster.forgetSettled(runtime.timer(), background);
  }

  /// The same in a process with a proxy, which needs the previous rings for longer.
  public static void startBesideProxy(
      Path directory, Cluster cluster, SharedRuntime runtime, Running running) throws IOException {
    startAll(directory, cluster, runtime, running);
  }

  private static BackgroundService startAll(
      Path directory, Cluster cluster, SharedRuntime runtime, Running running) throws IOException {
    ObjectServerConfig objectFile =
        runtime
            .configuration()
            .read(directory.resolve("object-server.toml"), ObjectServerConfig::read)
            .config();
    ContainerServerConfig listingFile =
        runtime
            .configuration()
            .read(directory.resolve("container-server.toml"), ContainerServerConfig::read)
            .config();
    LiveFiles.LiveFile<BackgroundConfig> background = background(directory, runtime);
    StorageNode node = new StorageNode(directory, cluster, runtime, running);
    ContainerService listings = node.listings(listingFile);
    ObjectService objects = node.objects(objectFile);
    return node.begin(
        background,
        new BackgroundService.Services(
            objects.local(), listings.localContainers(), listings.localAccounts()));
  }

  /// Starts the object service alone.
  static void startObjects(Path file, Cluster cluster, SharedRuntime runtime, Running running)
      throws IOException {
    ObjectServerConfig config =
        runtime.configuration().read(file, ObjectServerConfig::read).config();
    LiveFiles.LiveFile<BackgroundConfig> background =
        background(ServerCommand.directoryOf(file), runtime);
    StorageNode node = new StorageNode(ServerCommand.directoryOf(file), cluster, runtime, running);
    ObjectService objects = node.objects(config);
    BackgroundService begun =
        node.begin(background, new BackgroundService.Services(objects.local(), null, null));
    cluster.forgetSettled(runtime.timer(), begun);
  }

  /// Starts the container and account services alone.
  static void startListings(Path file, Cluster cluster, SharedRuntime runtime, Running running)
      throws IOException {
    ContainerServerConfig config =
        runtime.configuration().read(file, ContainerServerConfig::read).config();
    LiveFiles.LiveFile<BackgroundConfig> background =
        background(ServerCommand.directoryOf(file), runtime);
    StorageNode node = new StorageNode(ServerCommand.directoryOf(file), cluster, runtime, running);
    ContainerService listings = node.listings(config);
    BackgroundService begun =
        node.begin(
            background,
            new BackgroundService.Services(
                null, listings.localContainers(), listings.localAccounts()));
    cluster.forgetSettled(runtime.timer(), begun);
  }

  /// The file beside the server's own; without one everything is by default.
  private static LiveFiles.LiveFile<BackgroundConfig> background(
      Path directory, SharedRuntime runtime) {
    Path file = directory.resolve("replicator.toml");
    if (!ConfigFiles.isGiven(file)) {
      LOG.info("there is no {}: background work is by default", file);
    }
    return runtime.configuration().readOptional(file, BackgroundConfig::read);
  }

  private ObjectService objects(ObjectServerConfig config) throws IOException {
    ObjectService service = ObjectService.start(config, cluster, runtime, page, recon);
    return running.addStorage("object-server", service, service.ports());
  }

  private ContainerService listings(ContainerServerConfig config) throws IOException {
    ContainerService service = ContainerService.start(config, cluster, runtime, page, recon);
    return running.addStorage("container-server", service, service.ports());
  }

  private BackgroundService begin(
      LiveFiles.LiveFile<BackgroundConfig> file, BackgroundService.Services services) {
    BackgroundService background =
        running.add(
            "background work",
            BackgroundService.start(file.config(), services, page.clients(), cluster, runtime));
    file.onChange(ReloadedKeys.BACKGROUND, background::change);
    page.began(background);
    runtime.rings().reportedBy(background);
    return background;
  }
}
