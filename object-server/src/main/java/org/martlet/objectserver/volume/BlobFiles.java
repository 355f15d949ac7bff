package org.martlet.objectserver.volume;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.martlet.common.disk.Disk;
import org.martlet.common.disk.DiskFault;
import org.martlet.common.disk.DiskFile;

/// The files of a device's `blobs/`: `xx/<id>`, where xx is the low byte of the id.
///
/// Threads: any.
public final class BlobFiles {
  private static final int ID_DIGITS = 16;

  private final Disk disk;
  private final Path directory;
  private final Path quarantine;

  /// Directories whose own entry this process has synced: whoever made them may not have come to
  /// it.
  private final Set<Path> durableParents = ConcurrentHashMap.newKeySet();

  /// Files that were made and of which it is not decided yet whether an object will refer to them.
  private final Set<Long> unsettled = ConcurrentHashMap.newKeySet();

  /// @param quarantine where damaged files are moved
  public BlobFiles(Disk disk, Path directory, Path quarantine) {
    this.disk = disk;
    this.directory = directory;
    this.quarantine = quarantine;
  }

  private Path parent(long id) {
    return directory.resolve(HexFormat.of().toHexDigits((byte) id));
  }

  public Path path(long id) {
    return parent(id).resolve(HexFormat.of().toHexDigits(id));
  }

  /// Makes an empty file; see [#syncEntry] for its durability. It is unsettled until [#settle].
  DiskFile create(long id) throws DiskFault, FileAlreadyExistsException, NoSuchFileException {
    unsettled.add(id);
    boolean made = false;
    try {
      DiskFile file = createIn(id);
      made = true;
      return file;
    } finally {
      if (!made) {
        unsettled.remove(id);
      }
    }
  }

  private DiskFile createIn(long id)
      throws DiskFault, FileAlreadyExistsException, NoSuchFileException {
    try {
      return disk.create(path(id));
    } catch (NoSuchFileException e) {
      disk.createDirectory(parent(id));
      return disk.create(path(id));
    }
  }

  /// It is decided whether an object refers to the file: if none does, nothing ever will.
  public void settle(long id) {
    unsettled.remove(id);
  }

  /// Whether an object may yet refer to the file that nothing refers to now.
  public boolean isUnsettled(long id) {
    return unsettled.contains(id);
  }

  /// Returns once the entry of a file that was created is on stable storage.
  void syncEntry(long id) throws DiskFault, NoSuchFileException {
    Path parent = parent(id);
    disk.syncDirectory(parent);
    if (!durableParents.contains(parent)) {
      disk.syncDirectory(directory);
      durableParents.add(parent);
    }
  }

  DiskFile openForRead(long id) throws DiskFault, NoSuchFileException {
    return disk.openForRead(path(id));
  }

  /// Removes a file, if it is there; a crash may bring it back until it is swept.
  public void delete(long id) throws DiskFault {
    disk.delete(path(id));
  }

  /// Moves a damaged file out of the way, if it is there.
  public void quarantine(long id) throws DiskFault, NoSuchFileException {
    Path from = path(id);
    if (disk.exists(from)) {
      disk.rename(from, quarantine.resolve("blob-" + from.getFileName()));
      disk.syncDirectory(quarantine);
      disk.syncDirectory(parent(id));
    }
  }

  /// The directories that files are in: at most 256.
  public List<String> directories() throws IOException {
    return disk.list(directory);
  }

  /// The ids of the blobs in one of the [#directories]; what does not belong there is left out.
  public List<Long> list(String parent) throws IOException {
    List<Long> ids = new ArrayList<>();
    for (String name : disk.list(directory.resolve(parent))) {
      if (name.length() == ID_DIGITS
          && name.endsWith(parent)
          && name.chars().allMatch(HexFormat::isHexDigit)) {
        ids.add(HexFormat.fromHexDigitsToLong(name));
      }
    }
    return ids;
  }
}
