package org.martlet.objectserver.volume;

import java.nio.file.NoSuchFileException;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.TreeMap;
import org.martlet.common.disk.DiskFault;
import org.martlet.common.disk.DiskFile;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The volumes of a device, open for reading: a bounded number of files, each pinned while it is
/// in use.
///
/// Threads: any.
public final class Volumes implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Volumes.class);
  private static final int MAX_IDLE_FILES = 256;

  private final VolumeDirectory directory;
  private final TreeMap<Integer, Known> known = new TreeMap<>();
  private final LinkedHashMap<Integer, Open> open = new LinkedHashMap<>(16, 0.75f, true);
  private boolean closed;

  /// @param size of the file; grows unseen while the volume is the newest
  private record Known(long salt, long size) {}

  public Volumes(VolumeDirectory directory) {
    this.directory = directory;
  }

  /// Makes a volume known.
  public synchronized void add(VolumeInfo volume) {
    known.put(volume.number(), new Known(volume.header().salt(), volume.size()));
  }

  /// A new volume follows the newest, which has reached this size.
  synchronized void add(VolumeHeader header) {
    known.computeIfPresent(
        header.previous(), (number, before) -> new Known(before.salt(), header.previousEnd()));
    known.put(header.number(), new Known(header.salt(), VolumeHeader.BYTES));
  }

  /// The volumes that are complete, all but the newest, with their sizes in bytes.
  public synchronized SortedMap<Integer, Long> sealed() {
    SortedMap<Integer, Long> sizes = new TreeMap<>();
    if (!known.isEmpty()) {
      known.headMap(known.lastKey()).forEach((number, volume) -> sizes.put(number, volume.size()));
    }
    return sizes;
  }

  /// The oldest volume from this number on; empty if there is none below `to`.
  ///
  /// @param from inclusive
  /// @param to exclusive
  public synchronized OptionalInt oldest(int from, int to) {
    Integer number = known.ceilingKey(from);
    return number == null || number >= to ? OptionalInt.empty() : OptionalInt.of(number);
  }

  /// Removes a volume that holds nothing of use. Who reads it at the moment can go on to.
  ///
  /// - Durability: the file is gone for good on return.
  public void remove(int number) throws DiskFault, NoSuchFileException {
    // Known until it is gone for good: as long as it may come back, gone records must outlive it.
    directory.delete(number);
    synchronized (this) {
      known.remove(number);
      Open file = open.remove(number);
      if (file != null) {
        file.retired = true;
        if (file.pins == 0) {
          closeQuietly(file.file);
        }
      }
    }
  }

  /// Opens a volume, or takes the file that is open.
  ///
  /// @throws NoSuchFileException if there is no such volume
  /// @throws IllegalStateException after close
  public synchronized Pin pin(int number) throws DiskFault, NoSuchFileException {
    if (closed) {
      throw new IllegalStateException("the volumes are closed");
    }
    Known volume = known.get(number);
    if (volume == null) {
      throw new NoSuchFileException(directory.path(number).toString());
    }
    Open file = open.get(number);
    if (file == null) {
      file = new Open(directory.openForRead(number));
      open.put(number, file);
      closeIdle();
    }
    file.pins++;
    return new Pin(number, volume.salt(), file);
  }

  private void closeIdle() throws DiskFault {
    Iterator<Open> oldestFirst = open.values().iterator();
    while (open.size() > MAX_IDLE_FILES && oldestFirst.hasNext()) {
      Open candidate = oldestFirst.next();
      if (candidate.pins == 0 && oldestFirst.hasNext()) {
        oldestFirst.remove();
        candidate.file.close();
      }
    }
  }

  private synchronized void unpin(Open file) {
    file.pins--;
    if ((closed || file.retired) && file.pins == 0) {
      closeQuietly(file.file);
    }
  }

  private static void closeQuietly(DiskFile file) {
    try {
      file.close();
    } catch (DiskFault e) {
      LOG.warn("closing {} failed", file.path(), e);
    }
  }

  /// Closes every file, those in use when they are released.
  @Override
  public synchronized void close() {
    closed = true;
    open.values().stream().filter(file -> file.pins == 0).forEach(file -> closeQuietly(file.file));
    open.clear();
  }

  private static final class Open {
    final DiskFile file;
    int pins;
    boolean retired;

    Open(DiskFile file) {
      this.file = file;
    }
  }

  /// A volume's file that stays open until this is closed.
  public final class Pin implements AutoCloseable {
    private final int number;
    private final Open open;
    private final long salt;

    private Pin(int number, long salt, Open open) {
      this.number = number;
      this.salt = salt;
      this.open = open;
    }

    int number() {
      return number;
    }

    DiskFile file() {
      return open.file;
    }

    Seal newSeal() {
      return new Seal(salt);
    }

    /// To be called once.
    @Override
    public void close() {
      unpin(open);
    }
  }
}
