package org.martlet.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.martlet.common.device.DeviceIdentity;
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

  private final Path root;
  private final KeyValueEngine databases;
  private final DeviceStore store;

  TemporaryDevice() {
    databases = new KeyValueEngine(KeyValueConfig.DEFAULT);
    try {
      String parent = System.getProperty(DIRECTORY, System.getProperty("java.io.tmpdir"));
      root = Files.createTempDirectory(Path.of(parent), "martlet-bench-");
      RealDisk disk = new RealDisk();
      DeviceIdentity.create(disk, root, "bench", UUID.randomUUID());
      StoreEnvironment environment =
          new StoreEnvironment(
              disk,
              databases,
              InstantSource.system(),
              new SecureRandom(),
              "bench",
              "a cluster's secret");
      store = LogDeviceStore.open(DeviceStoreConfig.of(root), environment);
    } catch (IOException e) {
      databases.close();
      throw new UncheckedIOException(e);
    }
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
