package org.martlet.common.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;

/// A disk that fails, runs full or hangs when it is told to, and else does what the disk inside
/// does.
///
/// Threads: any; faults may be injected while others use it.
public final class FaultyDisk implements Disk {
  private final Disk inner;
  private final List<DiskInjection> injections = new CopyOnWriteArrayList<>();

  public FaultyDisk(Disk inner) {
    this.inner = inner;
  }

  /// A fault in the next call of this operation on a path that matches. A write that fails writes
  /// its first half before.
  public DiskInjection inject(DiskOperation operation, Predicate<Path> path, Fault fault) {
    DiskInjection injection = new DiskInjection(operation, path, fault);
    injections.add(injection);
    return injection;
  }

  /// A fault in the next call of this operation on any path.
  public DiskInjection inject(DiskOperation operation, Fault fault) {
    return inject(operation, path -> true, fault);
  }

  /// Lets everything that hangs go on, and forgets all faults.
  public void heal() {
    List<DiskInjection> all = List.copyOf(injections);
    injections.removeAll(all);
    all.forEach(DiskInjection::release);
  }

  /// What goes wrong.
  public enum Fault {
    /// The device fails.
    IO_ERROR("Input/output error"),
    NO_SPACE("No space left on device"),
    TOO_MANY_FILES("Too many open files"),
    /// The call blocks until it is released, and then does what it should.
    HANG(""),
    /// A read gives other bytes than are there: one bit of its last byte is wrong, this once.
    WRONG_BYTES("");

    private final String text;

    Fault(String text) {
      this.text = text;
    }

    DiskFault at(DiskOperation operation, Path path) {
      return DiskFault.of(operation, path, new IOException(text));
    }
  }

  /// @return whether what is read is to be wrong
  private boolean meet(DiskOperation operation, Path path) throws DiskFault {
    boolean wrong = false;
    for (DiskInjection injection : injections) {
      wrong |= injection.meet(operation, path);
    }
    return wrong;
  }

  @Override
  public DiskFile openForRead(Path file) throws DiskFault, NoSuchFileException {
    meet(DiskOperation.OPEN, file);
    return new FaultyFile(inner.openForRead(file));
  }

  @Override
  public DiskFile openForWrite(Path file) throws DiskFault, NoSuchFileException {
    meet(DiskOperation.OPEN, file);
    return new FaultyFile(inner.openForWrite(file));
  }

  @Override
  public DiskFile create(Path file)
      throws DiskFault, FileAlreadyExistsException, NoSuchFileException {
    meet(DiskOperation.CREATE, file);
    return new FaultyFile(inner.create(file));
  }

  @Override
  public boolean delete(Path path) throws DiskFault {
    meet(DiskOperation.DELETE, path);
    return inner.delete(path);
  }

  @Override
  public void rename(Path from, Path to) throws DiskFault, NoSuchFileException {
    meet(DiskOperation.RENAME, from);
    inner.rename(from, to);
  }

  @Override
  public List<String> list(Path directory) throws DiskFault, NoSuchFileException {
    meet(DiskOperation.LIST, directory);
    return inner.list(directory);
  }

  @Override
  public void createDirectory(Path directory) throws DiskFault, NoSuchFileException {
    meet(DiskOperation.CREATE_DIRECTORY, directory);
    inner.createDirectory(directory);
  }

  @Override
  public void syncDirectory(Path directory) throws DiskFault, NoSuchFileException {
    meet(DiskOperation.SYNC_DIRECTORY, directory);
    inner.syncDirectory(directory);
  }

  @Override
  public boolean exists(Path path) throws DiskFault {
    meet(DiskOperation.EXISTS, path);
    return inner.exists(path);
  }

  @Override
  public DiskSpace space(Path directory) throws DiskFault, NoSuchFileException {
    meet(DiskOperation.SPACE, directory);
    return inner.space(directory);
  }

  @Override
  public Optional<DiskLock> tryLock(Path file) throws DiskFault, NoSuchFileException {
    meet(DiskOperation.LOCK, file);
    return inner.tryLock(file);
  }

  private final class FaultyFile implements DiskFile {
    private final DiskFile file;

    FaultyFile(DiskFile file) {
      this.file = file;
    }

    @Override
    public Path path() {
      return file.path();
    }

    @Override
    public int read(ByteBuffer into, long position) throws DiskFault {
      boolean wrong = meet(DiskOperation.READ, path());
      int start = into.position();
      int read = file.read(into, position);
      if (wrong && read > 0) {
        int last = start + read - 1;
        into.put(last, (byte) (into.get(last) ^ 1));
      }
      return read;
    }

    @Override
    public void write(ByteBuffer[] from, long position) throws DiskFault {
      try {
        meet(DiskOperation.WRITE, path());
      } catch (DiskFault e) {
        writeHalf(from, position);
        throw e;
      }
      file.write(from, position);
    }

    private void writeHalf(ByteBuffer[] from, long position) throws DiskFault {
      int total = 0;
      for (ByteBuffer buffer : from) {
        total += buffer.remaining();
      }
      int left = total / 2;
      long at = position;
      for (ByteBuffer buffer : from) {
        int n = Math.min(left, buffer.remaining());
        ByteBuffer part = buffer.duplicate().limit(buffer.position() + n);
        file.write(part, at);
        buffer.position(buffer.position() + n);
        left -= n;
        at += n;
      }
    }

    @Override
    public void force(boolean metadata) throws DiskFault {
      meet(DiskOperation.FORCE, path());
      file.force(metadata);
    }

    @Override
    public void truncate(long size) throws DiskFault {
      meet(DiskOperation.TRUNCATE, path());
      file.truncate(size);
    }

    @Override
    public long size() throws DiskFault {
      meet(DiskOperation.SIZE, path());
      return file.size();
    }

    @Override
    public void close() throws DiskFault {
      file.close();
      meet(DiskOperation.CLOSE, path());
    }
  }
}
