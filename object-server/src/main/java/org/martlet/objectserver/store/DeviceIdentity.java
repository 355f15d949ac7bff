package org.martlet.objectserver.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import java.util.UUID;
import org.martlet.common.disk.Disk;
import org.martlet.common.disk.DiskFile;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// `device.json`: who a device is. Written once, before anything else is.
///
/// @param formatVersion of everything below the device's directory
record DeviceIdentity(UUID device, String clusterId, int formatVersion) {
  static final int FORMAT_VERSION = 1;
  private static final String FILE = "device.json";
  private static final String NEW_FILE = "device.json.new";
  private static final int MAX_BYTES = 64 * 1024;

  /// Reads the identity, or gives the device one if it has none yet.
  static DeviceIdentity readOrCreate(Path root, StoreEnvironment environment) throws IOException {
    Disk disk = environment.disk();
    if (!disk.exists(root.resolve(FILE))) {
      if (disk.exists(root.resolve("volumes")) && !disk.list(root.resolve("volumes")).isEmpty()) {
        throw new DeviceRefused(
            root + " holds volumes but no " + FILE + ": restore the file or empty the directory");
      }
      create(root, environment);
    }
    DeviceIdentity identity = read(root, disk);
    if (identity.formatVersion > FORMAT_VERSION) {
      throw new DeviceRefused(
          root
              + " has format "
              + identity.formatVersion
              + "; this program knows up to "
              + FORMAT_VERSION);
    }
    if (!identity.clusterId.equals(environment.clusterId())) {
      throw new DeviceRefused(
          root + " belongs to cluster " + identity.clusterId + ", not " + environment.clusterId());
    }
    return identity;
  }

  private static DeviceIdentity read(Path root, Disk disk) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(MAX_BYTES);
    try (DiskFile file = disk.openForRead(root.resolve(FILE))) {
      file.read(bytes, 0);
    }
    String text = StandardCharsets.UTF_8.decode(bytes.flip()).toString();
    try {
      JsonNode json = JsonMapper.shared().readTree(text);
      return new DeviceIdentity(
          UUID.fromString(json.required("device").asString()),
          json.required("cluster").asString(),
          json.required("format").asInt());
    } catch (JacksonException | IllegalArgumentException e) {
      throw new DeviceRefused(root.resolve(FILE) + " cannot be read: " + e.getMessage());
    }
  }

  private static void create(Path root, StoreEnvironment environment) throws IOException {
    Disk disk = environment.disk();
    UUID device = randomUuid(environment);
    String text =
        JsonMapper.shared()
            .createObjectNode()
            .put("device", device.toString())
            .put("cluster", environment.clusterId())
            .put("format", FORMAT_VERSION)
            .toPrettyString();
    Path fresh = root.resolve(NEW_FILE);
    disk.delete(fresh);
    try (DiskFile file = disk.create(fresh)) {
      file.write(ByteBuffer.wrap((text + "\n").getBytes(StandardCharsets.UTF_8)), 0);
      file.force(true);
    } catch (FileAlreadyExistsException e) {
      throw new DeviceRefused(root + " is being set up by somebody else");
    }
    disk.rename(fresh, root.resolve(FILE));
    disk.syncDirectory(root);
  }

  private static UUID randomUuid(StoreEnvironment environment) {
    long high = (environment.random().nextLong() & ~0xf000L) | 0x4000L;
    long low = (environment.random().nextLong() & ~(3L << 62)) | (1L << 63);
    return new UUID(high, low);
  }
}
