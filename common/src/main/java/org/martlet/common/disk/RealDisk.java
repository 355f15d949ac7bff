package org.martlet.common.disk;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The files of the machine; one instance may serve any number of devices.
///
/// `locking` guards `held`, the locks that were given out. There must be one instance a process:
/// only so a second attempt at a lock does not lose the first to other processes.
public final class RealDisk implements Disk {
  private final ReentrantLock locking = new ReentrantLock();
  private final Set<Object> held = new HashSet<>();

  @Override
  public DiskFile openForRead(Path file) throws DiskFault, NoSuchFileException {
    return open(DiskOperation.OPEN, file, StandardOpenOption.READ);
  }

  @Override
  public DiskFile openForWrite(Path file) throws DiskFault, NoSuchFileException {
    return open(DiskOperation.OPEN, file, StandardOpenOption.READ, StandardOpenOption.WRITE);
  }

  @Override
  public DiskFile create(Path file)
      throws DiskFault, FileAlreadyExistsException, NoSuchFileException {
    try {
      return new RealDiskFile(
          file,
          FileChannel.open(
              file,
              StandardOpenOption.READ,
              StandardOpenOption.WRITE,
              StandardOpenOption.CREATE_NEW));
    } catch (FileAlreadyExistsException | NoSuchFileException e) {
      throw e;
    } catch (IOException e) {
      throw DiskFault.of(DiskOperation.CREATE, file, e);
    }
  }

  private static DiskFile open(DiskOperation operation, Path file, OpenOption... options)
      throws DiskFault, NoSuchFileException {
    try {
      return new RealDiskFile(file, FileChannel.open(file, options));
    } catch (NoSuchFileException e) {
      throw e;
    } catch (IOException e) {
      throw DiskFault.of(operation, file, e);
    }
  }

  @Override
  public boolean delete(Path path) throws DiskFault {
    try {
      return Files.deleteIfExists(path);
    } catch (IOException e) {
      throw DiskFault.of(DiskOperation.DELETE, path, e);
    }
  }

  @Override
  public void rename(Path from, Path to) throws DiskFault, NoSuchFileException {
    try {
      Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    } catch (NoSuchFileException e) {
      throw e;
    } catch (AtomicMoveNotSupportedException e) {
      throw new IllegalArgumentException(from + " and " + to + " are not on one file system", e);
    } catch (IOException e) {
      throw DiskFault.of(DiskOperation.RENAME, from, e);
    }
  }

  @Override
  public List<String> list(Path directory) throws DiskFault, NoSuchFileException {
    try (Stream<Path> entries = Files.list(directory)) {
      return entries.map(entry -> entry.getFileName().toString()).sorted().toList();
    } catch (NoSuchFileException e) {
      throw e;
    } catch (UncheckedIOException e) {
      throw DiskFault.of(DiskOperation.LIST, directory, Objects.requireNonNull(e.getCause()));
    } catch (IOException e) {
      throw DiskFault.of(DiskOperation.LIST, directory, e);
    }
  }

  @Override
  public void createDirectory(Path directory) throws DiskFault, NoSuchFileException {
    try {
      Files.createDirectory(directory);
    } catch (FileAlreadyExistsException e) {
      if (!Files.isDirectory(directory)) {
        throw DiskFault.of(DiskOperation.CREATE_DIRECTORY, directory, e);
      }
    } catch (NoSuchFileException e) {
      throw e;
    } catch (IOException e) {
      throw DiskFault.of(DiskOperation.CREATE_DIRECTORY, directory, e);
    }
  }

  @Override
  public void syncDirectory(Path directory) throws DiskFault, NoSuchFileException {
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    } catch (NoSuchFileException e) {
      throw e;
    } catch (IOException e) {
      throw DiskFault.of(DiskOperation.SYNC_DIRECTORY, directory, e);
    }
  }

  @Override
  public boolean exists(Path path) throws DiskFault {
    try {
      Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
      return true;
    } catch (NoSuchFileException e) {
      return false;
    } catch (IOException e) {
      throw DiskFault.of(DiskOperation.EXISTS, path, e);
    }
  }

  @Override
  public DiskSpace space(Path directory) throws DiskFault, NoSuchFileException {
    // A file store is looked up in the table of mounts, which costs far more than the answer. The
    // short way tells of no error: it says 0.
    File path = directory.toFile();
    long total = path.getTotalSpace();
    if (total > 0) {
      return new DiskSpace(path.getUsableSpace(), total);
    }
    try {
      FileStore store = Files.getFileStore(directory);
      return new DiskSpace(store.getUsableSpace(), store.getTotalSpace());
    } catch (NoSuchFileException e) {
      throw e;
    } catch (IOException e) {
      throw DiskFault.of(DiskOperation.SPACE, directory, e);
    }
  }

  @Override
  public Optional<DiskLock> tryLock(Path file) throws DiskFault, NoSuchFileException {
    locking.lock();
    try {
      return isHeldHere(file) ? Optional.empty() : lock(file);
    } catch (NoSuchFileException e) {
      throw e;
    } catch (IOException e) {
      throw DiskFault.of(DiskOperation.LOCK, file, e);
    } finally {
      locking.unlock();
    }
  }

  /// To be asked before the file is opened: closing any handle of a file gives up the locks that
  /// this process has on it.
  private boolean isHeldHere(Path file) throws IOException {
    try {
      return held.contains(key(file));
    } catch (NoSuchFileException e) {
      return false;
    }
  }

  /// The same for all names of a file.
  private static Object key(Path file) throws IOException {
    Object key = Files.readAttributes(file, BasicFileAttributes.class).fileKey();
    return key == null ? file.toRealPath() : key;
  }

  private Optional<DiskLock> lock(Path file) throws IOException {
    FileChannel channel =
        FileChannel.open(file, StandardOpenOption.WRITE, StandardOpenOption.CREATE);
    boolean taken = false;
    try {
      taken = tryLock(channel) != null;
      if (!taken) {
        return Optional.empty();
      }
      Object key = key(file);
      held.add(key);
      return Optional.of(() -> release(file, key, channel));
    } finally {
      if (!taken) {
        channel.close();
      }
    }
  }

  private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException e) {
      return null; // held by this process: the same answer as for any other holder
    }
  }

  private void release(Path file, Object key, FileChannel channel) throws DiskFault {
    locking.lock();
    try {
      if (channel.isOpen()) {
        channel.close();
        held.remove(key);
      }
    } catch (IOException e) {
      throw DiskFault.of(DiskOperation.CLOSE, file, e);
    } finally {
      locking.unlock();
    }
  }
}
