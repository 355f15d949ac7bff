package org.martlet.objectserver.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.martlet.common.disk.Disk;
import org.martlet.common.disk.DiskFault;
import org.martlet.common.disk.DiskFile;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The file `index.damaged`, which says that the index must not be used again: the next start moves
/// it aside and makes a new one from the log.
///
/// Threads: any; blocks on the device.
final class DamagedIndexMark {
  private static final Logger LOG = LoggerFactory.getLogger(DamagedIndexMark.class);
  private static final String FILE = "index.damaged";
  private static final int MAX_REASON_BYTES = 4096;

  private final Disk disk;
  private final Path root;

  /// @param root the device's directory
  DamagedIndexMark(Disk disk, Path root) {
    this.disk = disk;
    this.root = root;
  }

  boolean isSet() throws DiskFault {
    return disk.exists(root.resolve(FILE));
  }

  /// What the mark says, in words; null where there is none.
  @Nullable String reason() throws DiskFault {
    ByteBuffer text = ByteBuffer.allocate(MAX_REASON_BYTES);
    try (DiskFile file = disk.openForRead(root.resolve(FILE))) {
      file.read(text, 0);
      return StandardCharsets.UTF_8.decode(text.flip()).toString().strip();
    } catch (NoSuchFileException e) {
      return null;
    }
  }

  /// Sets the mark, durably. Where the disk does not let it, that is logged: what comes next would
  /// find the damage again.
  ///
  /// @param damage for whoever looks into the file
  synchronized void set(Throwable damage) {
    try {
      write(String.valueOf(damage.getMessage()));
      LOG.error("the index of {} is damaged: opening the device rebuilds it from the log", root);
    } catch (FileAlreadyExistsException e) {
      LOG.debug("the index of {} is marked already", root, e);
    } catch (IOException | RuntimeException e) {
      LOG.error("the index of {} is damaged: remove it before the next start", root, e);
    }
  }

  /// Sets the mark because somebody wants a new index; it is durable on return.
  synchronized void setOnRequest() throws IOException {
    if (!isSet()) {
      write("a new one was asked for");
    }
  }

  private void write(String reason) throws IOException {
    try (DiskFile file = disk.create(root.resolve(FILE))) {
      file.write(ByteBuffer.wrap((reason + "\n").getBytes(StandardCharsets.UTF_8)), 0);
      file.force(true);
      disk.syncDirectory(root);
    }
  }

  /// Returns once the mark is gone for good.
  void clear() throws IOException {
    if (disk.delete(root.resolve(FILE))) {
      disk.syncDirectory(root);
    }
  }
}
