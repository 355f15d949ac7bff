package org.martlet.up;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.martlet.UserMistake;
import org.martlet.common.ring.AtomicFile;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// The directory of an embedded cluster: what it is, whose it is, where its parts are.
///
/// - Shape: `martlet.json` (format version, cluster id, number of devices and replicas), `etc/`,
///   `rings/`, `devices/d1…`, `logs/`.
/// - Ownership: one process at a time, by a lock on `martlet.lock` that ends with the process.
final class DataDirectory implements AutoCloseable {
  static final int FORMAT_VERSION = 1;
  private static final long MAX_IDENTITY_BYTES = 64 << 10;
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final Path root;
  private final Identity identity;
  private final boolean created;
  private final FileChannel lockFile;

  private DataDirectory(Path root, Identity identity, boolean created, FileChannel lockFile) {
    this.root = root;
    this.identity = identity;
    this.created = created;
    this.lockFile = lockFile;
  }

  /// What a data directory is of.
  ///
  /// @param clusterId made once
  /// @param devices how many storage devices it was made with
  /// @param replicas how many copies it was made with
  record Identity(UUID clusterId, int devices, int replicas) {}

  /// Opens the directory, or makes a new one with as many devices and replicas as the options say.
  ///
  /// @throws UserMistake if it cannot be used: another process has it, it is of another version, or
  ///     of another kind
  static DataDirectory open(UpOptions options) {
    Path root = options.data().toAbsolutePath().normalize();
    try {
      Files.createDirectories(root);
      FileChannel lock = lock(root);
      try {
        return open(root, options, lock);
      } catch (IOException | RuntimeException e) {
        lock.close();
        throw e;
      }
    } catch (IOException e) {
      throw new UserMistake("cannot use the data directory " + root + ": " + reason(e), e);
    }
  }

  private static DataDirectory open(Path root, UpOptions options, FileChannel lock)
      throws IOException {
    Path file = root.resolve("martlet.json");
    boolean exists = Files.exists(file);
    Identity identity =
        exists
            ? read(file)
            : new Identity(UUID.randomUUID(), options.devices(), options.replicas());
    DataDirectory directory = new DataDirectory(root, identity, !exists, lock);
    for (Path part : List.of(directory.etc(), directory.rings(), directory.logs())) {
      Files.createDirectories(part);
    }
    return directory;
  }

  private static FileChannel lock(Path root) throws IOException {
    FileChannel file =
        FileChannel.open(
            root.resolve("martlet.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    if (tryLock(file) == null) {
      file.close();
      throw new UserMistake("another process is using the data directory " + root);
    }
    return file;
  }

  private static @Nullable FileLock tryLock(FileChannel file) throws IOException {
    try {
      return file.tryLock();
    } catch (OverlappingFileLockException e) {
      return null;
    }
  }

  private static Identity read(Path file) throws IOException {
    if (Files.size(file) > MAX_IDENTITY_BYTES) {
      throw new UserMistake(file + " is damaged: it is too large");
    }
    JsonNode json;
    try {
      json = JSON.readTree(Files.readAllBytes(file));
    } catch (JacksonException e) {
      throw new UserMistake(file + " is damaged: " + e.getOriginalMessage(), e);
    }
    int version = json.path("format_version").asInt(0);
    if (version != FORMAT_VERSION) {
      throw new UserMistake(
          "the data directory "
              + file.getParent()
              + " has format version "
              + version
              + ", this Martlet reads version "
              + FORMAT_VERSION
              + "; use the Martlet that wrote it, or another --data directory");
    }
    try {
      return new Identity(
          UUID.fromString(json.path("cluster_id").asString("")),
          json.path("devices").asInt(0),
          json.path("replicas").asInt(0));
    } catch (IllegalArgumentException e) {
      throw new UserMistake(file + " is damaged: " + e.getMessage(), e);
    }
  }

  /// Marks the directory as complete: before this, a start that failed leaves nothing that counts.
  void seal() throws IOException {
    ObjectNode json = JSON.createObjectNode();
    json.put("format_version", FORMAT_VERSION);
    json.put("cluster_id", identity.clusterId().toString());
    json.put("devices", identity.devices());
    json.put("replicas", identity.replicas());
    byte[] text = JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(json);
    AtomicFile.write(root.resolve("martlet.json"), out -> out.write(text));
  }

  /// Why a file operation failed, without the class name where the text says enough.
  static String reason(IOException e) {
    String message = e.getMessage();
    return message == null
        ? e.getClass().getSimpleName()
        : e.getClass().getSimpleName() + ": " + message;
  }

  boolean created() {
    return created;
  }

  Identity identity() {
    return identity;
  }

  Path root() {
    return root;
  }

  Path etc() {
    return root.resolve("etc");
  }

  Path rings() {
    return root.resolve("rings");
  }

  Path logs() {
    return root.resolve("logs");
  }

  Path logFile() {
    return logs().resolve("martlet.log");
  }

  Path devices() {
    return root.resolve("devices");
  }

  /// `d1`, `d2`, ….
  List<String> deviceNames() {
    return IntStream.rangeClosed(1, identity.devices()).mapToObj(n -> "d" + n).toList();
  }

  @Override
  public void close() throws IOException {
    lockFile.close();
  }
}
