package org.martlet.common.ring;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Keeps a [RingHolder] equal to a ring file.
///
/// A file counts as changed when its time, size or inode *differs* from what was last looked
/// at, in either direction of time: an operator may put an older ring back. A file that is
/// missing or broken leaves the ring as it is and is reported once, not at every check.
///
/// The previous ring outlives a restart: it is kept beside the file ([#previousFile]) until it has
/// settled, where the directory can be written; elsewhere a restart forgets it.
///
/// - Threads: [#check] blocks on file I/O and belongs on a platform thread; it is serialised
///   here.
public final class RingWatcher {
  /// How often files are looked at, as in Swift.
  public static final Duration INTERVAL = Duration.ofSeconds(15);

  private static final Logger log = LoggerFactory.getLogger(RingWatcher.class);

  private final Path file;
  private final RingHolder holder;
  private volatile Stamp seen;
  private @Nullable String reported;
  private @Nullable Ring kept;
  private volatile RingFile.Loaded loaded;

  private RingWatcher(Path file, RingHolder holder, Stamp seen, RingFile.Loaded loaded) {
    this.file = file;
    this.holder = holder;
    this.seen = seen;
    this.loaded = loaded;
    this.kept = holder.previous().orElse(null);
  }

  /// Reads the file for the first time.
  ///
  /// @throws RingFileException if there is no usable ring: a server cannot start without one
  public static RingWatcher open(Path file) throws RingFileException {
    Stamp stamp = stamp(file);
    RingFile.Loaded loaded = RingFile.load(file);
    RingHolder holder = new RingHolder(loaded.ring(), keptPrevious(file, loaded.ring()));
    return new RingWatcher(file, holder, stamp, loaded);
  }

  private static @Nullable Ring keptPrevious(Path file, Ring current) {
    Path kept = previousFile(file);
    if (!Files.exists(kept)) {
      return null;
    }
    try {
      Ring previous = RingFile.read(kept);
      return previous.placesAs(current) ? null : previous;
    } catch (RingFileException e) {
      log.warn("the previous ring is forgotten: {}", e.getMessage());
      return null;
    }
  }

  /// Where the ring before the one of a file is kept: `object.ring.gz.previous`.
  static Path previousFile(Path file) {
    return file.resolveSibling(file.getFileName() + ".previous");
  }

  public Path file() {
    return file;
  }

  public RingHolder holder() {
    return holder;
  }

  /// The ring of the file that was read last, with the MD5 of that file: the ring in force.
  public RingFile.Loaded loaded() {
    return loaded;
  }

  /// When the file of the ring in force was written.
  public Instant modified() {
    return seen.time().toInstant();
  }

  /// Checks every [#INTERVAL] from now on, until the future is cancelled.
  public ScheduledFuture<?> watch(ScheduledExecutorService scheduler) {
    long period = INTERVAL.toMillis();
    return scheduler.scheduleWithFixedDelay(
        this::checkAndGoOn, period, period, TimeUnit.MILLISECONDS);
  }

  /// An executor drops a task that throws, and then the ring would stay as it is for ever.
  private void checkAndGoOn() {
    try {
      check();
    } catch (RuntimeException e) {
      log.error("{}: the ring file could not be checked", file, e);
    }
  }

  /// Reloads the ring if its file has changed.
  ///
  /// @return whether a new ring is in charge
  public synchronized boolean check() {
    try {
      // Stamped before it is read: a file replaced in between is read again next time.
      Stamp now = stamp(file);
      if (now.equals(seen)) {
        forgetSettled();
        return false;
      }
      RingFile.Loaded arrived = RingFile.load(file);
      holder.replace(arrived.ring());
      keepPrevious();
      seen = now;
      loaded = arrived;
      reported = null;
      log.info("{}: now at ring version {}", file, arrived.ring().version());
      return true;
    } catch (RingFileException e) {
      reportOnce(e.getMessage());
      return false;
    }
  }

  /// Writes down the ring in force before another one takes its file's place, where it will be the
  /// first one that has to be kept: a process that dies in between still knows it when it starts.
  ///
  /// @throws IOException if it cannot be written
  synchronized void keepBefore(Ring next) throws IOException {
    Ring previous = holder.previousOf(next).orElse(null);
    if (previous != null && kept == null) {
      RingFile.write(previousFile(file), previous);
      kept = previous;
    }
  }

  /// Forgets the previous ring in this process: it has no more use for it. The file stays for other
  /// processes of this machine, until one of them knows that all has moved everywhere.
  ///
  /// @param previous that is done with; another one stays
  public synchronized void settledHere(Ring previous) {
    if (holder.previous().filter(previous::equals).isPresent()) {
      holder.settled(previous);
      kept = null;
    }
  }

  private void keepPrevious() {
    Ring previous = holder.previous().orElse(null);
    if (previous == null || previous == kept) {
      return;
    }
    try {
      RingFile.write(previousFile(file), previous);
      kept = previous;
    } catch (IOException e) {
      log.warn(
          "{}: a restart before all has moved would forget the previous ring: {}",
          file,
          e.toString());
    }
  }

  /// Other processes of this machine may keep the same file: it goes when the first of them knows
  /// that all has moved.
  private void forgetSettled() {
    if (kept == null || holder.previous().isPresent()) {
      return;
    }
    try {
      Files.deleteIfExists(previousFile(file));
      kept = null;
    } catch (IOException e) {
      log.warn("{}: the previous ring's file stays: {}", file, e.toString());
    }
  }

  private void reportOnce(@Nullable String fault) {
    if (!Objects.equals(fault, reported)) {
      log.warn("new ring refused, keeping version {}: {}", holder.current().version(), fault);
      reported = fault;
    }
  }

  private static Stamp stamp(Path file) throws RingFileException {
    try {
      BasicFileAttributes found = Files.readAttributes(file, BasicFileAttributes.class);
      return new Stamp(found.lastModifiedTime(), found.size(), found.fileKey());
    } catch (NoSuchFileException e) {
      throw new RingFileException(file, "there is no such file", e);
    } catch (IOException e) {
      throw new RingFileException(file, "cannot be read: " + e, e);
    }
  }

  private record Stamp(FileTime time, long size, @Nullable Object inode) {}
}
