package org.martlet.objectserver.store;

import org.martlet.objectserver.volume.BodyChecksums;

/// A body in a durable blob file that no record refers to yet.
///
/// @param id the number that names the file
record StagedBlob(long id, BodyChecksums checksums) implements NewBody {
  @Override
  public long size() {
    return checksums.size();
  }

  @Override
  public int crc32c() {
    return checksums.whole();
  }
}
