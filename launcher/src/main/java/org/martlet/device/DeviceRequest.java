package org.martlet.device;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.martlet.UserMistake;
import org.martlet.cluster.Cluster;
import org.martlet.common.device.DeviceIdentity;
import org.martlet.common.device.DeviceRefused;
import org.martlet.common.disk.Disk;
import org.martlet.common.disk.RealDisk;
import org.martlet.common.http.Endpoint;
import org.martlet.common.kv.KeyValueConfig;
import org.martlet.common.kv.KeyValueEngine;
import org.martlet.common.model.ByteSize;
import org.martlet.common.protocol.BackendSignature;
import org.martlet.objectserver.server.ObjectServerConfig;
import org.martlet.objectserver.store.DeviceStoreConfig;
import org.martlet.objectserver.store.OfflineDevice;
import org.martlet.role.ServerFiles;

/// One question about a device: asked of its server where one has the device open, else of the
/// device itself.
final class DeviceRequest {
  private static final Path INSTALLED = Path.of("/etc/martlet/cluster.toml");
  private static final KeyValueConfig MEMORY =
      new KeyValueConfig(ByteSize.ofMiB(32), ByteSize.ofMiB(4), 2, 64);

  private final Path directory;
  private final Path clusterFile;
  private final Cluster cluster;
  private final Disk disk = new RealDisk();

  /// @param directory of the device
  /// @param clusterFile of the cluster that it belongs to
  DeviceRequest(Path directory, Path clusterFile) {
    this.directory = directory;
    this.clusterFile = clusterFile;
    this.cluster = ServerFiles.cluster(clusterFile);
  }

  /// The cluster file that goes with a device: that of `martlet up` for a device in its data
  /// directory, else the installed one.
  static Path clusterFileFor(Path device) {
    Path devices = device.toAbsolutePath().normalize().getParent();
    Path data = devices == null ? null : devices.getParent();
    if (data != null && Files.exists(data.resolve("martlet.json"))) {
      Path embedded = data.resolve("etc").resolve("cluster.toml");
      if (Files.exists(embedded)) {
        return embedded;
      }
    }
    return INSTALLED;
  }

  Cluster cluster() {
    return cluster;
  }

  /// Signs as the cluster's servers do.
  BackendSignature signature() {
    return cluster.signature(InstantSource.system());
  }

  Path directory() {
    return directory;
  }

  /// The name that rings know the device by.
  String name() {
    Path name = directory.toAbsolutePath().normalize().getFileName();
    return name == null ? "" : name.toString();
  }

  /// Asks a device that no server has open.
  interface Offline<T> {
    T ask(OfflineDevice device) throws IOException;
  }

  /// @param only the server to ask; null: those that the rings name
  /// @throws UserMistake if nobody can answer
  <T> Answer<T> ask(Offline<T> offline, LiveServer.Question<T> live, @Nullable Endpoint only) {
    try {
      if (!Files.isDirectory(directory)) {
        throw new DeviceRefused(directory + " is no directory");
      }
      DeviceIdentity identity = DeviceIdentity.read(disk, directory, cluster.id());
      try (LazyEngine engine = new LazyEngine()) {
        Optional<OfflineDevice> device =
            OfflineDevice.open(
                config(),
                disk,
                cluster.id(),
                cluster.secret().reveal(),
                (path, families) -> engine.get().openReadOnly(path, families));
        if (device.isPresent()) {
          try (OfflineDevice open = device.get()) {
            return new Answer<>("the device itself: no server has it open", offline.ask(open));
          }
        }
      }
      return LiveServer.ask(cluster, identity, name(), only, live);
    } catch (DeviceRefused e) {
      throw new UserMistake(String.valueOf(e.getMessage()), e);
    } catch (IOException e) {
      throw new UserMistake(directory + " cannot be read: " + e.getMessage(), e);
    }
  }

  /// How its server would run the device, where the server's file is beside the cluster's.
  private DeviceStoreConfig config() {
    Path file = clusterFile.toAbsolutePath().resolveSibling("object-server.toml");
    return Files.exists(file)
        ? ServerFiles.read(file, ObjectServerConfig::read).store().device(directory)
        : DeviceStoreConfig.of(directory);
  }

  /// Loads the database's native library only where it is needed.
  private static final class LazyEngine implements AutoCloseable {
    private @Nullable KeyValueEngine engine;

    KeyValueEngine get() {
      if (engine == null) {
        engine = new KeyValueEngine(MEMORY);
      }
      return engine;
    }

    @Override
    public void close() {
      if (engine != null) {
        engine.close();
      }
    }
  }
}
