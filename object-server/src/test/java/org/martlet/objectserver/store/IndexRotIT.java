package org.martlet.objectserver.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.martlet.common.device.DeviceIdentity;
import org.martlet.common.disk.RealDisk;
import org.martlet.common.kv.KeyValueConfig;
import org.martlet.common.kv.KeyValueEngine;
import org.martlet.common.model.ByteSize;
import org.martlet.objectserver.state.ObjectKey;

/// Rot in the files of a real index: whatever happens to them, the device comes back with all that
/// its volumes hold, at the latest when it is opened the next time.
///
/// `-Drot.offsets=500` turns over that many bytes of each file.
class IndexRotIT {
  private static final int OFFSETS = Integer.getInteger("rot.offsets", 2);
  private static final int OBJECTS = 400;
  private static final byte[] BODY = Samples.body(1, 300);

  private final KeyValueEngine databases =
      new KeyValueEngine(new KeyValueConfig(ByteSize.ofMiB(64), ByteSize.ofMiB(16), 2, 64));
  @TempDir private Path directory;
  private Path template;
  private Map<ObjectKey, Reference.Held> expected = new HashMap<>();
  private int copies;

  @BeforeEach
  void fill() throws IOException {
    template = Files.createDirectory(directory.resolve("template"));
    DeviceIdentity.create(new RealDisk(), template, "c1", UUID.randomUUID());
    for (int half = 0; half < 2; half++) {
      try (LogDeviceStore store = open(template)) {
        for (int n = half * OBJECTS / 2; n < (half + 1) * OBJECTS / 2; n++) {
          stored(store, Samples.put(n, 10, BODY, DueTargets.of(n % 3)));
        }
        stored(store, Samples.delete(half, 20));
        Samples.putBlob(store, OBJECTS + half, 10, Samples.body(half, 300_000));
        store.audit();
        expected = CrashInvariants.found(store);
      }
    }
  }

  @AfterEach
  void closeDatabases() {
    databases.close();
  }

  private static void stored(LogDeviceStore store, Mutation mutation) {
    assertThat(store.submit(mutation).join()).isInstanceOf(MutationOutcome.Stored.class);
  }

  private LogDeviceStore open(Path root) throws IOException {
    return LogDeviceStore.open(
        DeviceStoreConfig.of(root),
        new StoreEnvironment(
            new RealDisk(),
            databases,
            InstantSource.system(),
            new SecureRandom(),
            "c1",
            "cluster secret"));
  }

  @Test
  void noRottenByteOfAnyFileLosesAnything() throws IOException {
    for (Path file : indexFiles()) {
      long size = Files.size(template.resolve(file));
      for (int n = 0; n < OFFSETS && n < size; n++) {
        int offset = (int) (size * n / Math.min(OFFSETS, size));
        survives(file + ", byte " + offset, damaged(file, bytes -> flip(bytes, offset)));
      }
    }
  }

  @Test
  void noFileThatIsCutShortOrEmptyOrMissingLosesAnything() throws IOException {
    for (Path file : indexFiles()) {
      survives("half of " + file, damaged(file, bytes -> cut(bytes, bytes.length / 2)));
      survives("nothing of " + file, damaged(file, bytes -> new byte[0]));
      Path root = copy();
      Files.delete(root.resolve(file));
      survives("without " + file, root);
    }
  }

  private interface Damage {
    byte[] of(byte[] bytes);
  }

  private static byte[] flip(byte[] bytes, int offset) {
    bytes[offset] ^= 0x10;
    return bytes;
  }

  private static byte[] cut(byte[] bytes, int length) {
    byte[] left = new byte[length];
    System.arraycopy(bytes, 0, left, 0, length);
    return left;
  }

  /// The files of the index, relative to the device.
  private List<Path> indexFiles() throws IOException {
    try (Stream<Path> files = Files.list(template.resolve("index"))) {
      List<Path> found = files.map(template::relativize).sorted().toList();
      assertThat(found.toString()).contains(".sst").contains("MANIFEST").contains("CURRENT");
      return found;
    }
  }

  private Path damaged(Path file, Damage damage) throws IOException {
    Path root = copy();
    Path path = root.resolve(file);
    Files.write(path, damage.of(Files.readAllBytes(path)));
    return root;
  }

  private Path copy() throws IOException {
    Path to = directory.resolve("copy-" + copies++);
    try (Stream<Path> all = Files.walk(template)) {
      all.forEach(path -> copy(path, to.resolve(template.relativize(path))));
    }
    return to;
  }

  private static void copy(Path from, Path to) {
    try {
      Files.copy(from, to);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void survives(String what, Path root) throws IOException {
    if (!holdsAll(what, root)) {
      assertThat(holdsAll(what, root)).as("opened again: " + what).isTrue();
    }
  }

  /// Opens the device, reads all and audits it.
  ///
  /// @return false if it went offline over what it found
  private boolean holdsAll(String what, Path root) throws IOException {
    try (LogDeviceStore store = open(root)) {
      try {
        Map<ObjectKey, Reference.Held> found = CrashInvariants.found(store);
        assertThat(found).as(what).isEqualTo(expected);
        Checks.isConsistent(store);
      } catch (StoreFault e) {
        assertThat(store.status()).as(what).isInstanceOf(DeviceStatus.Offline.class);
      }
      return store.status() instanceof DeviceStatus.Online;
    }
  }
}
