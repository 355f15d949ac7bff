package org.martlet.common.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;

/// A file system in memory that can show itself as a power loss leaves it.
///
/// The fault model, harsher than most file systems:
///
/// - Written but not forced: each 512-byte sector survives by itself, in any state that it had
///   since the last force; the length survives as any that the file had; sectors that the length
///   covers but that were never written read as zeros or junk.
/// - Entries made, removed or renamed since the directory was synced: each change survives or not,
///   by itself, a rename whole. A file that was forced is gone if its entry is.
/// - What was forced and synced stays as it was. A force that fails drops what it should have
///   forced ([#failForces]).
///
/// Only calls that change something count for the [PowerSwitch]: a loss during a read is a loss
/// after the change before it. Threads: any; one call at a time.
public final class CrashDisk implements Disk {
  private final PowerSwitch power;
  private final CrashDirectory root = new CrashDirectory();
  private final List<EntryChange> pending = new ArrayList<>();
  private final Set<Path> locked = new HashSet<>();
  private Predicate<Path> failingForces = path -> false;
  private long capacity = 1L << 40;

  /// @param directories made durably, with their parents
  public CrashDisk(PowerSwitch power, Path... directories) {
    this.power = power;
    for (Path directory : directories) {
      CrashDirectory at = root;
      for (Path name : normal(directory)) {
        CrashDirectory next =
            (CrashDirectory) at.now.computeIfAbsent(name.toString(), n -> new CrashDirectory());
        at.durable.put(name.toString(), next);
        at = next;
      }
    }
  }

  private static Path normal(Path path) {
    return path.toAbsolutePath().normalize();
  }

  /// From now on writes past so many bytes in all files fail with [DiskFull].
  public synchronized void capacity(long bytes) {
    capacity = bytes;
  }

  /// From now on forcing these files fails with EIO, and as Linux has it: what should have been
  /// forced is dropped, but can be read as long as the power stays, and forcing again succeeds.
  public synchronized void failForces(Predicate<Path> files) {
    failingForces = files;
  }

  /// What a machine finds when the power is back. This disk is not changed, so that one scenario
  /// can be looked at with many choices; cut its power first.
  public synchronized CrashDisk crash(CrashChoice choice, PowerSwitch newPower) {
    Map<CrashDirectory, TreeMap<String, Object>> entries = new IdentityHashMap<>();
    for (EntryChange change : pending) {
      if (choice.below(2) == 1) {
        change.apply(
            directory -> entries.computeIfAbsent(directory, d -> new TreeMap<>(d.durable)));
      }
    }
    CrashDisk left = new CrashDisk(newPower);
    left.capacity = capacity;
    copy(root, left.root, entries, new IdentityHashMap<>(), choice);
    return left;
  }

  private static void copy(
      CrashDirectory from,
      CrashDirectory to,
      Map<CrashDirectory, TreeMap<String, Object>> entries,
      Map<CrashFile, CrashFile> files,
      CrashChoice choice) {
    entries
        .getOrDefault(from, from.durable)
        .forEach(
            (name, node) -> {
              Object left =
                  switch (node) {
                    case CrashFile file -> files.computeIfAbsent(file, f -> f.crash(choice));
                    case CrashDirectory directory -> {
                      CrashDirectory made = new CrashDirectory();
                      copy(directory, made, entries, files, choice);
                      yield made;
                    }
                    default -> throw new AssertionError(node);
                  };
              to.now.put(name, left);
              to.durable.put(name, left);
            });
  }

  /// Every file, with its content, as it is now: to compare states.
  public synchronized Map<Path, byte[]> contents() {
    Map<Path, byte[]> contents = new TreeMap<>();
    collect(root, Path.of("/"), contents);
    return contents;
  }

  /// Every directory, as it is now.
  public synchronized List<Path> directories() {
    List<Path> directories = new ArrayList<>();
    collectDirectories(root, Path.of("/"), directories);
    return directories;
  }

  private static void collectDirectories(CrashDirectory from, Path at, List<Path> into) {
    from.now.forEach(
        (name, node) -> {
          if (node instanceof CrashDirectory directory) {
            into.add(at.resolve(name));
            collectDirectories(directory, at.resolve(name), into);
          }
        });
  }

  private static void collect(CrashDirectory from, Path at, Map<Path, byte[]> into) {
    from.now.forEach(
        (name, node) -> {
          if (node instanceof CrashFile file) {
            ByteBuffer content = ByteBuffer.allocate(file.size());
            file.read(content, 0);
            into.put(at.resolve(name), content.array());
          } else {
            collect((CrashDirectory) node, at.resolve(name), into);
          }
        });
  }

  /// A call that makes state durable: if the power goes during it, it did not.
  private void forcing() {
    if (power.goesDuringThisCall()) {
      throw new PowerLoss();
    }
  }

  private void requirePower() {
    if (power.isCut()) {
      throw new PowerLoss();
    }
  }

  private Object find(Path path) {
    Object at = root;
    for (Path name : normal(path)) {
      if (!(at instanceof CrashDirectory directory)) {
        return null;
      }
      at = directory.now.get(name.toString());
    }
    return at;
  }

  private CrashDirectory parentOf(Path path) throws NoSuchFileException {
    Path parent = normal(path).getParent();
    if (parent == null || !(find(parent) instanceof CrashDirectory directory)) {
      throw new NoSuchFileException(path.toString());
    }
    return directory;
  }

  private CrashDirectory directory(DiskOperation operation, Path path)
      throws DiskFault, NoSuchFileException {
    return switch (find(path)) {
      case CrashDirectory directory -> directory;
      case null -> throw new NoSuchFileException(path.toString());
      default -> throw DiskFault.of(operation, path, new NotDirectoryException(path.toString()));
    };
  }

  private static String name(Path path) {
    return path.getFileName().toString();
  }

  @Override
  public synchronized DiskFile openForRead(Path file) throws NoSuchFileException {
    requirePower();
    return open(file, false);
  }

  @Override
  public synchronized DiskFile openForWrite(Path file) throws NoSuchFileException {
    requirePower();
    return open(file, true);
  }

  private DiskFile open(Path path, boolean writable) throws NoSuchFileException {
    if (!(find(path) instanceof CrashFile file)) {
      throw new NoSuchFileException(path.toString());
    }
    return new Handle(path, file, writable);
  }

  @Override
  public synchronized DiskFile create(Path file)
      throws FileAlreadyExistsException, NoSuchFileException {
    requirePower();
    CrashDirectory parent = parentOf(file);
    if (find(file) != null) {
      throw new FileAlreadyExistsException(file.toString());
    }
    CrashFile made = new CrashFile();
    link(parent, name(file), made);
    return new Handle(file, made, true);
  }

  private void link(CrashDirectory parent, String name, Object node) {
    change(new EntryChange.Link(parent, name, node));
  }

  /// A change of entries: if the power goes during it, it is under way.
  private void change(EntryChange change) {
    boolean last = power.goesDuringThisCall();
    change.apply(directory -> directory.now);
    pending.add(change);
    if (last) {
      throw new PowerLoss();
    }
  }

  @Override
  public synchronized boolean delete(Path path) throws DiskFault {
    requirePower();
    Object node = find(path);
    if (node == null) {
      return false;
    }
    if (node instanceof CrashDirectory directory && !directory.now.isEmpty()) {
      throw DiskFault.of(
          DiskOperation.DELETE, path, new DirectoryNotEmptyException(path.toString()));
    }
    CrashDirectory parent = (CrashDirectory) find(normal(path).getParent());
    change(new EntryChange.Unlink(parent, name(path), node));
    return true;
  }

  @Override
  public synchronized void rename(Path from, Path to) throws DiskFault, NoSuchFileException {
    requirePower();
    Object node = find(from);
    if (node == null) {
      throw new NoSuchFileException(from.toString());
    }
    CrashDirectory target = parentOf(to);
    if (find(to) instanceof CrashDirectory) {
      throw DiskFault.of(DiskOperation.RENAME, from, new IOException("Is a directory"));
    }
    change(new EntryChange.Move(parentOf(from), name(from), target, name(to), node));
  }

  @Override
  public synchronized List<String> list(Path directory) throws DiskFault, NoSuchFileException {
    requirePower();
    return List.copyOf(directory(DiskOperation.LIST, directory).now.keySet());
  }

  @Override
  public synchronized void createDirectory(Path directory) throws DiskFault, NoSuchFileException {
    requirePower();
    CrashDirectory parent = parentOf(directory);
    Object there = find(directory);
    if (there == null) {
      link(parent, name(directory), new CrashDirectory());
    } else if (!(there instanceof CrashDirectory)) {
      throw DiskFault.of(
          DiskOperation.CREATE_DIRECTORY,
          directory,
          new FileAlreadyExistsException(directory.toString(), null, "File exists"));
    }
  }

  @Override
  public synchronized void syncDirectory(Path directory) throws DiskFault, NoSuchFileException {
    requirePower();
    CrashDirectory synced = directory(DiskOperation.SYNC_DIRECTORY, directory);
    forcing();
    for (Iterator<EntryChange> changes = pending.iterator(); changes.hasNext(); ) {
      EntryChange change = changes.next();
      if (change.syncedBy() == synced) {
        change.apply(d -> d.durable);
        changes.remove();
      }
    }
  }

  @Override
  public synchronized boolean exists(Path path) {
    requirePower();
    return find(path) != null;
  }

  @Override
  public synchronized DiskSpace space(Path directory) throws DiskFault, NoSuchFileException {
    requirePower();
    directory(DiskOperation.SPACE, directory);
    return new DiskSpace(Math.max(0, capacity - used(root)), capacity);
  }

  private static long used(CrashDirectory directory) {
    return directory.now.values().stream()
        .mapToLong(node -> node instanceof CrashFile f ? f.size() : used((CrashDirectory) node))
        .sum();
  }

  @Override
  public synchronized Optional<DiskLock> tryLock(Path file) throws NoSuchFileException {
    requirePower();
    CrashDirectory parent = parentOf(file);
    Path path = normal(file);
    if (!locked.add(path)) {
      return Optional.empty();
    }
    if (find(file) == null) {
      link(parent, name(file), new CrashFile());
    }
    return Optional.of(() -> unlock(path));
  }

  private synchronized void unlock(Path path) {
    locked.remove(path);
  }

  /// An open file of this disk. Guarded by the disk's lock.
  private final class Handle implements DiskFile {
    private final Path path;
    private final CrashFile file;
    private final boolean writable;
    private boolean closed;

    Handle(Path path, CrashFile file, boolean writable) {
      this.path = path;
      this.file = file;
      this.writable = writable;
    }

    @Override
    public Path path() {
      return path;
    }

    private void require(boolean forWriting) {
      requirePower();
      if (closed) {
        throw new IllegalStateException(path + " was closed");
      }
      if (forWriting && !writable) {
        throw new IllegalStateException(path + " was opened for reading only");
      }
    }

    @Override
    public int read(ByteBuffer into, long position) {
      synchronized (CrashDisk.this) {
        require(false);
        return file.read(into, position);
      }
    }

    @Override
    public void write(ByteBuffer[] from, long position) throws DiskFault {
      synchronized (CrashDisk.this) {
        require(true);
        boolean last = power.goesDuringThisCall();
        long at = position;
        for (ByteBuffer buffer : from) {
          at += writeOne(buffer, at);
        }
        if (last) {
          throw new PowerLoss();
        }
      }
    }

    private int writeOne(ByteBuffer from, long position) throws DiskFault {
      long room = capacity - used(root) + Math.max(0, file.size() - position);
      byte[] data = new byte[(int) Math.min(from.remaining(), Math.max(0, room))];
      from.get(data);
      file.write(data, position);
      if (from.hasRemaining()) {
        throw DiskFault.of(DiskOperation.WRITE, path, new IOException("No space left on device"));
      }
      return data.length;
    }

    @Override
    public void force(boolean metadata) throws DiskFault {
      synchronized (CrashDisk.this) {
        require(false);
        forcing();
        if (failingForces.test(path)) {
          file.failForce();
          throw DiskFault.of(DiskOperation.FORCE, path, new IOException("Input/output error"));
        }
        file.force();
      }
    }

    @Override
    public void truncate(long size) {
      synchronized (CrashDisk.this) {
        require(true);
        if (size > file.size()) {
          throw new IllegalArgumentException(path + " is shorter than " + size + " bytes");
        }
        boolean last = power.goesDuringThisCall();
        file.truncate((int) size);
        if (last) {
          throw new PowerLoss();
        }
      }
    }

    @Override
    public long size() {
      synchronized (CrashDisk.this) {
        require(false);
        return file.size();
      }
    }

    @Override
    public void close() {
      synchronized (CrashDisk.this) {
        closed = true;
      }
    }
  }
}
