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

  /// @param quarantine where damaged files are moved
  public BlobFiles(Disk disk, Path directory, Path quarantine) {
    this.disk = disk;
    this.directory = directory;
    this.quarantine = quarantine;
  }

  private Path parent(long id) {
    return directory.resolve(HexFormat.of().toHexDigits((byte) id));
  }

  private Path path(long id) {
    return parent(id).resolve(HexFormat.of().toHexDigits(id));
  }

  /// Makes an empty file; see [#syncEntry] for its durability.
  DiskFile create(long id) throws DiskFault, FileAlreadyExistsException, NoSuchFileException {
    try {
      return disk.create(path(id));
    } catch (NoSuchFileException e) {
      disk.createDirectory(parent(id));
      return disk.create(path(id));
    }
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

  /// The ids of all files.
  public List<Long> list() throws IOException {
    List<Long> ids = new ArrayList<>();
    for (String parent : disk.list(directory)) {
      for (String name : disk.list(directory.resolve(parent))) {
        if (name.length() == ID_DIGITS && name.chars().allMatch(HexFormat::isHexDigit)) {
          ids.add(HexFormat.fromHexDigitsToLong(name));
        }
      }
    }
    return ids;
  }
}
