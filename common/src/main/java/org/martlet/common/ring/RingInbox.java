package org.martlet.common.ring;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.TreeMap;

/// Takes ring files from elsewhere into a directory that [RingWatcher]s watch: verified before they
/// are in force, whole or not at all.
///
/// A ring is taken only if it is sealed for this cluster and this name, can be read, is of a later
/// version than the one in force (or the same ring in another format), and places at most twice as
/// many partitions. To go back to an older placement an operator gives it a new version
/// (`write_ring` after a rebalance), or replaces the file by hand.
///
/// - Durability: when a ring is taken, the file and its name are on stable storage, and so is the
///   ring before it where that is still needed.
/// - Threads: any; one at a time gets in, of all processes that use the directory. Blocks on file
///   I/O, and up to 15 s while another process takes the same ring.
public final class RingInbox {
  /// The largest ring file that is taken, in bytes.
  public static final int MAX_FILE_BYTES = 64 << 20;

  private static final String ARRIVING = ".arriving";

  private final Map<String, RingWatcher> rings;
  private final RingSeal seal;

  /// @param rings by name, without `.ring.gz`
  public RingInbox(Map<String, RingWatcher> rings, RingSeal seal) {
    this.rings = new TreeMap<>(rings);
    this.seal = seal;
  }

  /// What became of a ring.
  public enum Result {
    /// It is in force.
    TAKEN,
    /// It was in force already.
    SAME
  }

  /// A ring that is not taken; the message says why, for the sender.
  public static final class Refused extends Exception {
    private static final long serialVersionUID = 1L;
    private final boolean stale;

    Refused(String message, boolean stale) {
      super(message);
      this.stale = stale;
    }

    /// Whether the ring in force is as new or newer; else the file itself is not right.
    public boolean isStale() {
      return stale;
    }
  }

  /// The rings that are known here, by name.
  public Map<String, RingWatcher> rings() {
    return rings;
  }

  /// Takes a ring, if it is right and newer.
  ///
  /// @param name without `.ring.gz`
  /// @param line its seal, see [RingSeal]
  /// @throws Refused if it is not taken; nothing has changed
  /// @throws IOException if it cannot be written
  public synchronized Result take(String name, byte[] file, String line)
      throws Refused, IOException {
    RingWatcher watcher = rings.get(name);
    if (watcher == null) {
      throw new Refused("there is no ring " + name + " here, only " + rings.keySet(), false);
    }
    RingSeal.Sealed sealed = sealed(seal, line);
    if (!sealed.name().equals(name)) {
      throw new Refused("the seal is of the ring " + sealed.name() + ", not " + name, false);
    }
    if (!sealed.isOf(file)) {
      throw new Refused("the file is not the one that was sealed: damaged on its way?", false);
    }
    Path target = watcher.file().toAbsolutePath();
    // Other processes of this machine may take rings into the same directory at the same time.
    try (DirectoryLock lock = DirectoryLock.of(target)) {
      watcher.check();
      return take(lock, file, sealed, watcher);
    }
  }

  /// Takes a ring where none can be read: on a machine that has none yet, or in place of a file
  /// that is broken. Of servers that run nobody asks: they have theirs in memory, and notice.
  ///
  /// @param target the ring's file, `NAME.ring.gz`
  /// @param line its seal, see [RingSeal]
  /// @throws Refused if it is not taken; nothing has changed
  /// @throws IOException if it cannot be written
  public static void takeFirst(Path target, byte[] file, String line, RingSeal seal)
      throws Refused, IOException {
    RingSeal.Sealed sealed = sealed(seal, line);
    String name = String.valueOf(target.getFileName()).replace(".ring.gz", "");
    if (!sealed.name().equals(name)) {
      throw new Refused("the seal is of the ring " + sealed.name() + ", not " + name, false);
    }
    if (!sealed.isOf(file)) {
      throw new Refused("the file is not the one that was sealed: damaged on its way?", false);
    }
    try (DirectoryLock lock = DirectoryLock.of(target.toAbsolutePath())) {
      sweep(lock.file());
      Path arriving = arriving(lock.file());
      try {
        write(arriving, file);
        RingFile.Loaded arrived = loaded(arriving, name);
        if (arrived.ring().version() != sealed.version()) {
          throw new Refused("its seal is of another version", false);
        }
        replace(arriving, lock.file());
      } finally {
        Files.deleteIfExists(arriving);
      }
    }
  }

  private static Path arriving(Path target) throws IOException {
    return Files.createTempFile(directoryOf(target), "." + target.getFileName() + ".", ARRIVING);
  }

  private static void replace(Path arriving, Path target) throws IOException {
    Files.move(
        arriving, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    sync(target);
  }

  /// From the check of the ring in force to the rename nobody else takes one.
  private static Result take(
      DirectoryLock lock, byte[] file, RingSeal.Sealed sealed, RingWatcher watcher)
      throws Refused, IOException {
    Path target = lock.file();
    sweep(target);
    Path arriving = arriving(target);
    RingFile.Loaded arrived;
    try {
      write(arriving, file);
      arrived = loaded(arriving, sealed.name());
      if (isInForce(arrived, sealed, watcher.loaded())) {
        return Result.SAME;
      }
      watcher.keepBefore(arrived.ring());
      replace(arriving, target);
    } finally {
      Files.deleteIfExists(arriving);
    }
    watcher.check();
    if (!watcher.loaded().md5().equals(arrived.md5())) {
      throw new Refused(
          "another file took its place: version " + watcher.loaded().ring().version(), true);
    }
    return Result.TAKEN;
  }

  /// What a crash left behind; under the lock nothing else is arriving.
  private static void sweep(Path target) throws IOException {
    try (DirectoryStream<Path> left =
        Files.newDirectoryStream(
            directoryOf(target), "." + target.getFileName() + ".*" + ARRIVING)) {
      for (Path file : left) {
        Files.deleteIfExists(file);
      }
    }
  }

  private static RingSeal.Sealed sealed(RingSeal seal, String line) throws Refused {
    try {
      return seal.read(line);
    } catch (IllegalArgumentException e) {
      throw new Refused(String.valueOf(e.getMessage()), false);
    }
  }

  private static RingFile.Loaded loaded(Path arriving, String name) throws Refused {
    try {
      return RingFile.load(arriving);
    } catch (RingFileException e) {
      throw new Refused(
          String.valueOf(e.getMessage()).replace(arriving.toString(), name + ".ring.gz"), false);
    }
  }

  /// @return whether it is the very ring that is in force
  private static boolean isInForce(
      RingFile.Loaded arrived, RingSeal.Sealed sealed, RingFile.Loaded inForce) throws Refused {
    Ring ring = arrived.ring();
    Ring current = inForce.ring();
    if (ring.version() != sealed.version()) {
      throw new Refused(
          "the file is of version " + ring.version() + ", its seal of " + sealed.version(), false);
    }
    if (ring.version() < current.version()) {
      throw new Refused(
          "version " + current.version() + " is in force, this is " + ring.version(), true);
    }
    if (ring.version() == current.version()) {
      if (arrived.md5().equals(inForce.md5())) {
        return true;
      }
      boolean rewritten = ring.placesAs(current) && ring.devices().equals(current.devices());
      if (!rewritten) {
        throw new Refused("another ring of version " + current.version() + " is in force", true);
      }
    }
    int more = ring.partPower() - current.partPower();
    if (more < 0 || more > 1) {
      throw new Refused(
          "its part power is %d, that of the ring in force %d: one step up at a time"
              .formatted(ring.partPower(), current.partPower()),
          false);
    }
    return false;
  }

  private static void write(Path arriving, byte[] file) throws IOException {
    Files.write(arriving, file);
    Files.setPosixFilePermissions(arriving, PosixFilePermissions.fromString("rw-r--r--"));
    try (FileChannel channel = FileChannel.open(arriving, StandardOpenOption.WRITE)) {
      channel.force(true);
    }
  }

  static Path directoryOf(Path target) throws IOException {
    Path directory = target.getParent();
    if (directory == null) {
      throw new IOException(target + ": not a file name");
    }
    return directory;
  }

  private static void sync(Path target) throws IOException {
    try (FileChannel channel = FileChannel.open(directoryOf(target), StandardOpenOption.READ)) {
      channel.force(true);
    }
  }
}
