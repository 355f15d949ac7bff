package org.martlet.objectserver.store;

import java.nio.ByteBuffer;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.martlet.common.disk.Disk;
import org.martlet.common.disk.DiskFault;
import org.martlet.common.disk.DiskFile;
import org.martlet.common.disk.DiskLock;
import org.martlet.common.disk.DiskSpace;

/// A disk whose faults are counted, whoever meets them and whatever becomes of them.
final class CountedDisk implements Disk {
  private final Disk disk;
  private final FaultCounts faults;

  CountedDisk(Disk disk, FaultCounts faults) {
    this.disk = disk;
    this.faults = faults;
  }

  private DiskFault counted(DiskFault fault) {
    faults.disk(fault);
    return fault;
  }

  @Override
  public DiskFile openForRead(Path file) throws DiskFault, NoSuchFileException {
    try {
      return new CountedFile(disk.openForRead(file));
    } catch (DiskFault e) {
      throw counted(e);
    }
  }

  @Override
  public DiskFile openForWrite(Path file) throws DiskFault, NoSuchFileException {
    try {
      return new CountedFile(disk.openForWrite(file));
    } catch (DiskFault e) {
      throw counted(e);
    }
  }

  @Override
  public DiskFile create(Path file)
      throws DiskFault, FileAlreadyExistsException, NoSuchFileException {
    try {
      return new CountedFile(disk.create(file));
    } catch (DiskFault e) {
      throw counted(e);
    }
  }

  @Override
  public boolean delete(Path path) throws DiskFault {
    try {
      return disk.delete(path);
    } catch (DiskFault e) {
      throw counted(e);
    }
  }

  @Override
  public void rename(Path from, Path to) throws DiskFault, NoSuchFileException {
    try {
      disk.rename(from, to);
    } catch (DiskFault e) {
      throw counted(e);
    }
  }

  @Override
  public List<String> list(Path directory) throws DiskFault, NoSuchFileException {
    try {
      return disk.list(directory);
    } catch (DiskFault e) {
      throw counted(e);
    }
  }

  @Override
  public void createDirectory(Path directory) throws DiskFault, NoSuchFileException {
    try {
      disk.createDirectory(directory);
    } catch (DiskFault e) {
      throw counted(e);
    }
  }

  @Override
  public void syncDirectory(Path directory) throws DiskFault, NoSuchFileException {
    try {
      disk.syncDirectory(directory);
    } catch (DiskFault e) {
      throw counted(e);
    }
  }

  @Override
  public boolean exists(Path path) throws DiskFault {
    try {
      return disk.exists(path);
    } catch (DiskFault e) {
      throw counted(e);
    }
  }

  @Override
  public DiskSpace space(Path directory) throws DiskFault, NoSuchFileException {
    try {
      return disk.space(directory);
    } catch (DiskFault e) {
      throw counted(e);
    }
  }

  @Override
  public Optional<DiskLock> tryLock(Path file) throws DiskFault, NoSuchFileException {
    try {
      return disk.tryLock(file);
    } catch (DiskFault e) {
      throw counted(e);
    }
  }

  private final class CountedFile implements DiskFile {
    private final DiskFile file;

    CountedFile(DiskFile file) {
      this.file = file;
    }

    @Override
    public Path path() {
      return file.path();
    }

    @Override
    public int read(ByteBuffer into, long position) throws DiskFault {
      try {
        return file.read(into, position);
      } catch (DiskFault e) {
        throw counted(e);
      }
    }

    @Override
    public void write(ByteBuffer[] from, long position) throws DiskFault {
      try {
        file.write(from, position);
      } catch (DiskFault e) {
        throw counted(e);
      }
    }

    @Override
    public void force(boolean metadata) throws DiskFault {
      try {
        file.force(metadata);
      } catch (DiskFault e) {
        throw counted(e);
      }
    }

    @Override
    public void truncate(long size) throws DiskFault {
      try {
        file.truncate(size);
      } catch (DiskFault e) {
        throw counted(e);
      }
    }

    @Override
    public long size() throws DiskFault {
      try {
        return file.size();
      } catch (DiskFault e) {
        throw counted(e);
      }
    }

    @Override
    public void close() throws DiskFault {
      try {
        file.close();
      } catch (DiskFault e) {
        throw counted(e);
      }
    }
  }
}
