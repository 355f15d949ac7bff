package org.martlet.common.ring;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.UserPrincipal;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Held by whoever takes a ring into a directory: one thread of one process on this machine.
///
/// An operating system lock on `.NAME.ring.gz.lock`, so it ends with its process; the empty file
/// stays.
final class DirectoryLock implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(DirectoryLock.class);
  private static final Duration WAIT = Duration.ofSeconds(15);
  private static final long POLL_MILLIS = 20;

  private final Path file;
  private final FileChannel channel;

  private DirectoryLock(Path file, FileChannel channel) {
    this.file = file;
    this.channel = channel;
  }

  /// Waits for it.
  ///
  /// @param file the ring file that is to be replaced
  /// @throws IOException if the directory cannot be written, or somebody else keeps the lock
  static DirectoryLock of(Path file) throws IOException {
    Path lock = file.resolveSibling("." + file.getFileName() + ".lock");
    FileChannel channel =
        FileChannel.open(lock, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    try {
      leaveToDirectoryOwner(lock);
      await(channel, file);
      return new DirectoryLock(file, channel);
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  /// A superuser's command must not leave a lock that servers may not open.
  private static void leaveToDirectoryOwner(Path lock) throws IOException {
    UserPrincipal owner = Files.getOwner(RingInbox.directoryOf(lock));
    if (!Files.getOwner(lock).equals(owner)) {
      try {
        Files.setOwner(lock, owner);
      } catch (FileSystemException e) {
        LOG.debug("{} stays with who made it: {}", lock, e.toString());
      }
    }
  }

  private static void await(FileChannel channel, Path file) throws IOException {
    long begun = System.nanoTime();
    while (tryLock(channel) == null) {
      if (System.nanoTime() - begun > WAIT.toNanos()) {
        throw new IOException(file + ": another process has been replacing it for " + WAIT);
      }
      try {
        Thread.sleep(POLL_MILLIS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException("interrupted while waiting for the lock of " + file, e);
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

  Path file() {
    return file;
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
