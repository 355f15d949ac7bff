package org.martlet.objectserver.volume;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.martlet.common.disk.Disk;
import org.martlet.common.disk.DiskFault;
import org.martlet.common.disk.DiskFile;

/// The files of a device's `volumes/`: which there are, and how a new one comes to be.
///
/// Threads: [#create] and [#survey] are called by one thread at a time; [#path] by any.
public final class VolumeDirectory {
  private static final String SUFFIX = ".vol";
  private static final int NAME_DIGITS = 8;

  private final Disk disk;
  private final Path directory;
  private final UUID device;

  public VolumeDirectory(Disk disk, Path directory, UUID device) {
    this.disk = disk;
    this.directory = directory;
    this.device = device;
  }

  /// What is in the directory.
  ///
  /// @param volumes with a valid header, by number
  /// @param unreadable files named as volumes whose header is lost
  public record Survey(List<VolumeInfo> volumes, List<Path> unreadable) {}

  public Path path(int number) {
    return directory.resolve(HexFormat.of().toHexDigits(number) + SUFFIX);
  }

  /// Reads the headers of all volumes. A file that never became a volume (a crash while it was
  /// made: nothing but a header, or less) is removed.
  ///
  /// @throws UnsupportedFormat if a volume has another format or another device's identity
  public Survey survey() throws IOException {
    return survey(true);
  }

  /// The same, but changes nothing, and passes over what goes while it looks.
  ///
  /// @throws UnsupportedFormat if a volume has another format or another device's identity
  public Survey look() throws IOException {
    return survey(false);
  }

  private Survey survey(boolean clean) throws IOException {
    List<VolumeInfo> volumes = new ArrayList<>();
    List<Path> unreadable = new ArrayList<>();
    for (String name : disk.list(directory)) {
      if (!name.endsWith(SUFFIX) || name.length() != NAME_DIGITS + SUFFIX.length()) {
        continue;
      }
      Path path = directory.resolve(name);
      long size;
      VolumeHeader header;
      try (DiskFile file = disk.openForRead(path)) {
        size = file.size();
        header = readHeader(file);
      } catch (NoSuchFileException e) {
        if (clean) {
          throw e;
        }
        continue;
      }
      if (header != null) {
        volumes.add(check(path, header, size));
      } else if (size <= VolumeHeader.BYTES) {
        if (clean) {
          disk.delete(path);
        }
      } else {
        unreadable.add(path);
      }
    }
    volumes.sort((a, b) -> Integer.compare(a.number(), b.number()));
    return new Survey(volumes, unreadable);
  }

  private VolumeInfo check(Path path, VolumeHeader header, long size) throws UnsupportedFormat {
    if (!header.device().equals(device)) {
      throw new UnsupportedFormat(path + " belongs to device " + header.device());
    }
    if (!path.equals(path(header.number()))) {
      throw new UnsupportedFormat(path + " holds volume " + header.number());
    }
    return new VolumeInfo(header, size);
  }

  private static @Nullable VolumeHeader readHeader(DiskFile file)
      throws DiskFault, UnsupportedFormat {
    ByteBuffer bytes = ByteBuffer.allocate(VolumeHeader.BYTES);
    file.read(bytes, 0);
    return VolumeHeader.decode(bytes.flip());
  }

  /// Makes a volume with its header.
  ///
  /// - Durability: file, header and directory entry are on stable storage on return.
  DiskFile create(VolumeHeader header)
      throws DiskFault, FileAlreadyExistsException, NoSuchFileException {
    Path path = path(header.number());
    DiskFile file = disk.create(path);
    try {
      file.write(header.encode(), 0);
      file.force(true);
      disk.syncDirectory(directory);
      return file;
    } catch (DiskFault | NoSuchFileException | RuntimeException e) {
      try (file) {
        disk.delete(path);
      } catch (DiskFault suppressed) {
        e.addSuppressed(suppressed);
      }
      throw e;
    }
  }

  /// Removes a volume's file.
  ///
  /// - Durability: it is gone for good on return.
  void delete(int number) throws DiskFault, NoSuchFileException {
    disk.delete(path(number));
    disk.syncDirectory(directory);
  }

  DiskFile openForRead(int number) throws DiskFault, NoSuchFileException {
    return disk.openForRead(path(number));
  }

  DiskFile openForWrite(int number) throws DiskFault, NoSuchFileException {
    return disk.openForWrite(path(number));
  }
}
