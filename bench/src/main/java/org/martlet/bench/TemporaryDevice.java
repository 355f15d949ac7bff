package org.martlet.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.martlet.common.device.DeviceIdentity;
import org.martlet.common.disk.Disk;
import org.martlet.common.disk.RealDisk;
import org.martlet.common.kv.KeyValueConfig;
import org.martlet.common.kv.KeyValueEngine;
import org.martlet.objectserver.store.DeviceStore;
import org.martlet.objectserver.store.DeviceStoreConfig;
import org.martlet.objectserver.store.LogDeviceStore;
import org.martlet.objectserver.store.StoreEnvironment;

/// A device in a new directory below `martlet.bench.directory` (a system property; else the
/// machine's directory for temporary files), on the real disk with the real index; closing deletes
/// it.
final class TemporaryDevice implements AutoCloseable {
  private static final String DIRECTORY = "martlet.bench.directory";

  private final Disk disk;
  private final UnaryOperator<DeviceStoreConfig> settings;
  private final Path root;
  private final KeyValueEngine databases;
  private DeviceStore store;

  TemporaryDevice() {
    this(new RealDisk(), UnaryOperator.identity());
  }

  /// @param settings what differs from the defaults
  TemporaryDevice(Disk disk, UnaryOperator<DeviceStoreConfig> settings) {
    this.disk = disk;
    this.settings = settings;
    databases = new KeyValueEngine(KeyValueConfig.DEFAULT);
    try {
      String parent = System.getProperty(DIRECTORY, System.getProperty("java.io.tmpdir"));
      root = Files.createTempDirectory(Path.of(parent), "martlet-bench-");
      DeviceIdentity.create(disk, root, "bench", UUID.randomUUID());
      store = open();
    } catch (IOException e) {
      databases.close();
      throw new UncheckedIOException(e);
    }
  }

  private DeviceStore open() throws IOException {
    StoreEnvironment environment =
        new StoreEnvironment(
            disk,
            databases,
            InstantSource.system(),
            new SecureRandom(),
            "bench",
            "a cluster's secret");
    return LogDeviceStore.open(settings.apply(DeviceStoreConfig.of(root)), environment);
  }

  /// Closes the device and opens it again.
  ///
  /// @return seconds that the opening took
  double reopen() throws IOException {
    store.close();
    Stopwatch watch = new Stopwatch();
    store = open();
    return watch.seconds();
  }

  Path root() {
    return root;
  }

  DeviceStore store() {
    return store;
  }

  @Override
  public void close() throws IOException {
    store.close();
    databases.close();
    List<Path> deepestFirst;
    try (Stream<Path> all = Files.walk(root)) {
      deepestFirst = all.sorted((a, b) -> b.compareTo(a)).toList();
    }
    for (Path path : deepestFirst) {
      Files.delete(path);
    }
  }
}
