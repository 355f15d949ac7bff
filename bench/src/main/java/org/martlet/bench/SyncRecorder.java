package org.martlet.bench;

import java.nio.ByteBuffer;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.martlet.common.disk.Disk;
import org.martlet.common.disk.DiskFault;
import org.martlet.common.disk.DiskFile;
import org.martlet.common.disk.DiskLock;
import org.martlet.common.disk.DiskSpace;

/// A disk that notes how many bytes each sync of a volume made durable, so that a baseline can
/// write the same groups.
///
/// Threads: as the disk's; the notes belong to the one thread that writes volumes until
/// [#takeGroups].
final class SyncRecorder implements Disk {
  private final Disk disk;
  private final List<Integer> groups = new ArrayList<>();

  SyncRecorder(Disk disk) {
    this.disk = disk;
  }

  /// The sizes of all groups since the last call, in order.
  synchronized List<Integer> takeGroups() {
    List<Integer> taken = List.copyOf(groups);
    groups.clear();
    return taken;
  }

  private synchronized void synced(int bytes) {
    groups.add(bytes);
  }

  @Override
  public DiskFile openForRead(Path file) throws DiskFault, NoSuchFileException {
    return disk.openForRead(file);
  }

  @Override
  public DiskFile openForWrite(Path file) throws DiskFault, NoSuchFileException {
    return disk.openForWrite(file);
  }

  @Override
  public DiskFile create(Path file)
      throws DiskFault, FileAlreadyExistsException, NoSuchFileException {
    DiskFile created = disk.create(file);
    return file.toString().endsWith(".vol") ? new Recorded(created) : created;
  }

  @Override
  public boolean delete(Path path) throws DiskFault {
    return disk.delete(path);
  }

  @Override
  public void rename(Path from, Path to) throws DiskFault, NoSuchFileException {
    disk.rename(from, to);
  }

  @Override
  public List<String> list(Path directory) throws DiskFault, NoSuchFileException {
    return disk.list(directory);
  }

  @Override
  public void createDirectory(Path directory) throws DiskFault, NoSuchFileException {
    disk.createDirectory(directory);
  }

  @Override
  public void syncDirectory(Path directory) throws DiskFault, NoSuchFileException {
    disk.syncDirectory(directory);
  }

  @Override
  public boolean exists(Path path) throws DiskFault {
    return disk.exists(path);
  }

  @Override
  public DiskSpace space(Path directory) throws DiskFault, NoSuchFileException {
    return disk.space(directory);
  }

  @Override
  public Optional<DiskLock> tryLock(Path file) throws DiskFault, NoSuchFileException {
    return disk.tryLock(file);
  }

  private final class Recorded implements DiskFile {
    private final DiskFile file;
    private int unsynced;

    Recorded(DiskFile file) {
      this.file = file;
    }

    @Override
    public Path path() {
      return file.path();
    }

    @Override
    public int read(ByteBuffer into, long position) throws DiskFault {
      return file.read(into, position);
    }

    @Override
    public void write(ByteBuffer[] from, long position) throws DiskFault {
      for (ByteBuffer buffer : from) {
        unsynced += buffer.remaining();
      }
      file.write(from, position);
    }

    @Override
    public void force(boolean metadata) throws DiskFault {
      file.force(metadata);
      synced(unsynced);
      unsynced = 0;
    }

    @Override
    public void truncate(long size) throws DiskFault {
      file.truncate(size);
    }

    @Override
    public long size() throws DiskFault {
      return file.size();
    }

    @Override
    public void close() throws DiskFault {
      file.close();
    }
  }
}
