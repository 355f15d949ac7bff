package org.martlet.objectserver.store;

import com.google.common.base.Ticker;
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

/// A disk whose faults are counted and whose calls are timed, whoever makes them and whatever
/// becomes of them.
final class CountedDisk implements Disk {
  private final Disk disk;
  private final FaultCounts faults;
  private final DeviceTimes times;
  private final Ticker ticker;

  CountedDisk(Disk disk, FaultCounts faults, DeviceTimes times, Ticker ticker) {
    this.disk = disk;
    this.faults = faults;
    this.times = times;
    this.ticker = ticker;
  }

  private void took(FaultCounts.Operation operation, long began) {
    times.called(operation, ticker.read() - began);
  }

  private DiskFault counted(DiskFault fault) {
    faults.disk(fault);
    return fault;
  }

  @Override
  public DiskFile openForRead(Path file) throws DiskFault, NoSuchFileException {
    long began = ticker.read();
    try {
      return new CountedFile(disk.openForRead(file));
    } catch (DiskFault e) {
      throw counted(e);
    } finally {
      took(FaultCounts.Operation.OPEN, began);
    }
  }

  @Override
  public DiskFile openForWrite(Path file) throws DiskFault, NoSuchFileException {
    long began = ticker.read();
    try {
      return new CountedFile(disk.openForWrite(file));
    } catch (DiskFault e) {
      throw counted(e);
    } finally {
      took(FaultCounts.Operation.OPEN, began);
    }
  }

  @Override
  public DiskFile create(Path file)
      throws DiskFault, FileAlreadyExistsException, NoSuchFileException {
    long began = ticker.read();
    try {
      return new CountedFile(disk.create(file));
    } catch (DiskFault e) {
      throw counted(e);
    } finally {
      took(FaultCounts.Operation.WRITE, began);
    }
  }

  @Override
  public boolean delete(Path path) throws DiskFault {
    long began = ticker.read();
    try {
      return disk.delete(path);
    } catch (DiskFault e) {
      throw counted(e);
    } finally {
      took(FaultCounts.Operation.REMOVE, began);
    }
  }

  @Override
  public void rename(Path from, Path to) throws DiskFault, NoSuchFileException {
    long began = ticker.read();
    try {
      disk.rename(from, to);
    } catch (DiskFault e) {
      throw counted(e);
    } finally {
      took(FaultCounts.Operation.WRITE, began);
    }
  }

  @Override
  public List<String> list(Path directory) throws DiskFault, NoSuchFileException {
    long began = ticker.read();
    try {
      return disk.list(directory);
    } catch (DiskFault e) {
      throw counted(e);
    } finally {
      took(FaultCounts.Operation.READ, began);
    }
  }

  @Override
  public void createDirectory(Path directory) throws DiskFault, NoSuchFileException {
    long began = ticker.read();
    try {
      disk.createDirectory(directory);
    } catch (DiskFault e) {
      throw counted(e);
    } finally {
      took(FaultCounts.Operation.WRITE, began);
    }
  }

  @Override
  public void syncDirectory(Path directory) throws DiskFault, NoSuchFileException {
    long began = ticker.read();
    try {
      disk.syncDirectory(directory);
    } catch (DiskFault e) {
      throw counted(e);
    } finally {
      took(FaultCounts.Operation.SYNC, began);
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
      long began = ticker.read();
      try {
        return file.read(into, position);
      } catch (DiskFault e) {
        throw counted(e);
      } finally {
        took(FaultCounts.Operation.READ, began);
      }
    }

    @Override
    public void write(ByteBuffer[] from, long position) throws DiskFault {
      long began = ticker.read();
      try {
        file.write(from, position);
      } catch (DiskFault e) {
        throw counted(e);
      } finally {
        took(FaultCounts.Operation.WRITE, began);
      }
    }

    @Override
    public void force(boolean metadata) throws DiskFault {
      long began = ticker.read();
      try {
        file.force(metadata);
      } catch (DiskFault e) {
        throw counted(e);
      } finally {
        took(FaultCounts.Operation.SYNC, began);
      }
    }

    @Override
    public void truncate(long size) throws DiskFault {
      long began = ticker.read();
      try {
        file.truncate(size);
      } catch (DiskFault e) {
        throw counted(e);
      } finally {
        took(FaultCounts.Operation.WRITE, began);
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
