package org.martlet.ringbuilder.file;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.martlet.common.ring.AtomicFile;
import org.martlet.common.ring.Ring;
import org.martlet.common.ring.RingFile;
import org.martlet.common.ring.RingFileException;
import org.martlet.common.ring.RingFormat;
import org.martlet.ringbuilder.builder.BuilderFormat;
import org.martlet.ringbuilder.builder.RingBuilder;
import org.martlet.ringbuilder.builder.RingBuilderException;

/// A builder file, its ring file beside it, and the lock that one command at a time holds on
/// both.
///
/// The lock is an operating system lock on `.NAME.lock`, so it ends with its process; the empty
/// file stays. Not thread-safe.
public final class BuilderFile implements AutoCloseable {
  private static final Duration LOCK_WAIT = Duration.ofSeconds(15);
  private static final long LOCK_POLL_MILLIS = 50;
  private static final String BUILDER_SUFFIX = ".builder";
  private static final String RING_SUFFIX = ".ring.gz";

  private final Path builderPath;
  private final Path ringPath;
  private final FileChannel lockChannel;

  private BuilderFile(Path builderPath, Path ringPath, FileChannel lockChannel) {
    this.builderPath = builderPath;
    this.ringPath = ringPath;
    this.lockChannel = lockChannel;
  }

  /// Waits up to 15 s for the lock.
  ///
  /// @param named the builder file, or its ring file `X.ring.gz` for `X.builder`
  /// @throws RingBuilderException if another command keeps the lock
  /// @throws IOException if the directory cannot be written
  public static BuilderFile open(Path named) throws RingBuilderException, IOException {
    Path builder = builderPath(named);
    Path lock = builder.resolveSibling("." + builder.getFileName() + ".lock");
    FileChannel channel;
    try {
      channel = FileChannel.open(lock, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    } catch (NoSuchFileException e) {
      throw new RingBuilderException("there is no directory for " + builder, e);
    }
    try {
      awaitLock(channel, builder);
      return new BuilderFile(builder, ringPath(builder), channel);
    } catch (RingBuilderException | IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  /// The builder file that an argument means: itself, or `X.builder` for `X.ring.gz`.
  public static Path builderPath(Path named) {
    String name = name(named);
    return name.endsWith(RING_SUFFIX)
        ? named.resolveSibling(cut(name, RING_SUFFIX) + BUILDER_SUFFIX)
        : named;
  }

  /// The ring file of a builder file: `X.ring.gz` for `X.builder` and for `X`.
  public static Path ringPath(Path builder) {
    String name = name(builder);
    String base = name.endsWith(BUILDER_SUFFIX) ? cut(name, BUILDER_SUFFIX) : name;
    return builder.resolveSibling(base + RING_SUFFIX);
  }

  public Path builderPath() {
    return builderPath;
  }

  public Path ringPath() {
    return ringPath;
  }

  public boolean exists() {
    return Files.exists(builderPath);
  }

  /// @throws RingBuilderException if the file is missing or not a builder
  public RingBuilder load() throws RingBuilderException, IOException {
    return read(builderPath);
  }

  /// Reads a builder without its lock: files are replaced whole, so it is one version or
  /// another.
  ///
  /// @throws RingBuilderException if the file is missing or not a builder
  public static RingBuilder read(Path builder) throws RingBuilderException, IOException {
    try (InputStream in = new BufferedInputStream(Files.newInputStream(builder))) {
      return BuilderFormat.read(in);
    } catch (NoSuchFileException e) {
      throw new RingBuilderException("there is no builder file " + builder, e);
    } catch (RingBuilderException e) {
      throw new RingBuilderException(builder + ": " + e.getMessage(), e);
    }
  }

  /// Replaces the builder file; durable on return.
  public void save(RingBuilder builder) throws IOException {
    AtomicFile.write(builderPath, out -> BuilderFormat.write(builder, out));
  }

  /// Replaces the ring file; durable on return. It keeps its format, with the sections that
  /// other programs put there.
  ///
  /// @throws RingBuilderException if nothing is assigned yet
  public void writeRing(RingBuilder builder) throws RingBuilderException, IOException {
    writeRing(builder, null, null);
  }

  /// Replaces the ring file in a format; durable on return. Sections of other programs stay
  /// where the format has sections.
  ///
  /// @param version null for that of the file, 1 if there is none
  /// @param deviceIdBytes null for those of the file, 2 if there is none
  /// @throws RingBuilderException if nothing is assigned yet, or there is no such format
  public void writeRing(
      RingBuilder builder, @Nullable Integer version, @Nullable Integer deviceIdBytes)
      throws RingBuilderException, IOException {
    writeRing(builder, format(version, deviceIdBytes));
  }

  /// Replaces the ring file in a format; durable on return.
  ///
  /// @throws RingBuilderException if nothing is assigned yet
  public void writeRing(RingBuilder builder, RingFormat format)
      throws RingBuilderException, IOException {
    RingFile.write(ringPath, builder.toRing(), format);
  }

  /// The format in which the ring file would be written; nothing is written.
  ///
  /// @param version null for that of the file, 1 if there is none
  /// @param deviceIdBytes null for those of the file, 2 if there is none
  /// @throws RingBuilderException if there is no such format
  public RingFormat format(@Nullable Integer version, @Nullable Integer deviceIdBytes)
      throws RingBuilderException {
    RingFormat old = ringFormat();
    int wanted = version != null ? version : old.version();
    int bytes = deviceIdBytes != null ? deviceIdBytes : wanted == 2 ? old.deviceIdBytes() : 2;
    try {
      return new RingFormat(wanted, bytes, wanted == 2 ? old.otherSections() : Map.of());
    } catch (IllegalArgumentException e) {
      throw new RingBuilderException(String.valueOf(e.getMessage()), e);
    }
  }

  /// The ring as it was written last; empty if it is missing or damaged.
  public Optional<Ring> writtenRing() {
    try {
      return Optional.of(RingFile.read(ringPath));
    } catch (RingFileException e) {
      return Optional.empty();
    }
  }

  /// Whether the ring file says what a builder says: else it was not written, or a fault came in
  /// between.
  ///
  /// @throws RingBuilderException if nothing is assigned yet
  public boolean hasRingOf(RingBuilder builder) throws RingBuilderException {
    Ring ring = builder.toRing();
    return writtenRing()
        .filter(
            written ->
                written.placesAs(ring)
                    && written.devices().equals(ring.devices())
                    && written.nextPartPower().equals(ring.nextPartPower()))
        .isPresent();
  }

  /// A ring file that is damaged has no format to keep.
  private RingFormat ringFormat() {
    try {
      return RingFile.format(ringPath);
    } catch (RingFileException e) {
      return RingFormat.V1;
    }
  }

  /// Copies builder and ring, where they exist, to `backups/SECONDS.NAME`.
  public void backUp(InstantSource clock) throws IOException {
    Path directory = builderPath.resolveSibling("backups");
    Files.createDirectories(directory);
    long second = clock.instant().getEpochSecond();
    for (Path file : new Path[] {builderPath, ringPath}) {
      if (Files.exists(file)) {
        Path copy = directory.resolve(second + "." + file.getFileName());
        AtomicFile.write(copy, out -> Files.copy(file, out));
      }
    }
  }

  @Override
  public void close() throws IOException {
    lockChannel.close();
  }

  private static void awaitLock(FileChannel channel, Path builder)
      throws RingBuilderException, IOException {
    long deadline = System.nanoTime() + LOCK_WAIT.toNanos();
    while (tryLock(channel) == null) {
      if (System.nanoTime() > deadline) {
        throw new RingBuilderException("another command is working on " + builder);
      }
      try {
        Thread.sleep(LOCK_POLL_MILLIS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new RingBuilderException("interrupted while waiting for the lock of " + builder, e);
      }
    }
  }

  private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException e) {
      return null; // another thread of this process holds it
    }
  }

  private static String name(Path file) {
    return String.valueOf(file.getFileName());
  }

  private static String cut(String name, String suffix) {
    return name.substring(0, name.length() - suffix.length());
  }
}
