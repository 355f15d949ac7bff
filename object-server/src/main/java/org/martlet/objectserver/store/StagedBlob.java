package org.martlet.objectserver.store;

import java.util.concurrent.atomic.AtomicBoolean;
import org.martlet.objectserver.volume.BodyChecksums;

/// A body in a durable blob file that no record refers to yet.
final class StagedBlob implements NewBody {
  private final long id;
  private final BodyChecksums checksums;
  private final AtomicBoolean claimed = new AtomicBoolean();

  /// @param id the number that names the file
  StagedBlob(long id, BodyChecksums checksums) {
    this.id = id;
    this.checksums = checksums;
  }

  long id() {
    return id;
  }

  /// Makes the caller the one who has to see to the file.
  ///
  /// @return false if somebody else is already
  boolean claim() {
    return claimed.compareAndSet(false, true);
  }

  @Override
  public long size() {
    return checksums.size();
  }

  @Override
  public int crc32c() {
    return checksums.whole();
  }
}
