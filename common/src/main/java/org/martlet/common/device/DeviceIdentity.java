package org.martlet.common.device;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.martlet.common.disk.Disk;
import org.martlet.common.disk.DiskFile;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// `device.json`: who a device is. Written once, before anything else is.
///
/// - Shape: `docs/disk-format.md`, "device.json".
///
/// @param formatVersion of everything below the device's directory
public record DeviceIdentity(UUID device, String clusterId, int formatVersion) {
  /// What this program writes, and the newest that it reads.
  public static final int FORMAT_VERSION = 1;

  private static final String FILE = "device.json";
  private static final String NEW_FILE = "device.json.new";
  private static final int MAX_BYTES = 64 * 1024;

  /// What an empty directory may hold: what `mkfs` leaves, and what an interrupted [#create] did.
  private static final Set<String> NOTHING = Set.of("lost+found", NEW_FILE);

  /// Reads who a device is; changes nothing.
  ///
  /// @param clusterId of the cluster that wants to use it
  /// @throws DeviceRefused if it has no identity, another cluster's, or a newer format
  /// @throws IOException if the disk fails
  public static DeviceIdentity read(Disk disk, Path root, String clusterId) throws IOException {
    DeviceIdentity identity = read(disk, root);
    if (identity.formatVersion > FORMAT_VERSION) {
      throw new DeviceRefused(
          root
              + " has format "
              + identity.formatVersion
              + "; this program knows up to "
              + FORMAT_VERSION);
    }
    if (!identity.clusterId.equals(clusterId)) {
      throw new DeviceRefused(
          root + " belongs to cluster " + identity.clusterId + ", not " + clusterId);
    }
    return identity;
  }

  private static DeviceIdentity read(Disk disk, Path root) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(MAX_BYTES);
    try (DiskFile file = disk.openForRead(root.resolve(FILE))) {
      file.read(bytes, 0);
    } catch (NoSuchFileException e) {
      throw new DeviceRefused(
          root
              + " is no device, it has no "
              + FILE
              + ": mount its disk, or make a new device of it with martlet init-device");
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

  /// Whether a directory has an identity, of whatever cluster.
  public static boolean isPresent(Disk disk, Path root) throws IOException {
    return disk.exists(root.resolve(FILE));
  }

  /// Makes a new device of an empty directory.
  ///
  /// - Durability: on stable storage on return; a crash before leaves a directory that still counts
  ///   as empty.
  ///
  /// @param device never used before
  /// @throws DeviceRefused if the directory is not empty
  /// @throws IOException if the disk fails
  public static DeviceIdentity create(Disk disk, Path root, String clusterId, UUID device)
      throws IOException {
    List<String> found = new ArrayList<>(disk.list(root));
    found.removeAll(NOTHING);
    if (!found.isEmpty()) {
      throw new DeviceRefused(
          root + " is not empty, it holds " + found.getFirst() + ": nothing was changed");
    }
    DeviceIdentity identity = new DeviceIdentity(device, clusterId, FORMAT_VERSION);
    Path fresh = root.resolve(NEW_FILE);
    disk.delete(fresh);
    try (DiskFile file = disk.create(fresh)) {
      file.write(ByteBuffer.wrap(identity.text().getBytes(StandardCharsets.UTF_8)), 0);
      file.force(true);
    } catch (FileAlreadyExistsException e) {
      throw new DeviceRefused(root + " is being set up by somebody else");
    }
    disk.rename(fresh, root.resolve(FILE));
    disk.syncDirectory(root);
    return identity;
  }

  private String text() {
    return JsonMapper.shared()
            .createObjectNode()
            .put("device", device.toString())
            .put("cluster", clusterId)
            .put("format", formatVersion)
            .toPrettyString()
        + "\n";
  }
}
