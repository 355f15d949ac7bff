package org.martlet.objectserver.audit;

import java.io.IOException;
import org.martlet.objectserver.index.ObjectIndex;
import org.martlet.objectserver.volume.BlobFiles;

/// Removes the blob files of uploads that were never completed, and of objects whose replacement
/// was committed just before a crash.
///
/// To be run after the index is up to the log and before anything is written: only then is every
/// file that the index does not know one that nothing will ever refer to.
public final class BlobSweep {
  private final BlobFiles blobs;
  private final ObjectIndex index;

  public BlobSweep(BlobFiles blobs, ObjectIndex index) {
    this.blobs = blobs;
    this.index = index;
  }

  /// @return how many files were removed
  public long run() throws IOException {
    long removed = 0;
    for (long id : blobs.list()) {
      if (!index.isReferenced(id)) {
        blobs.delete(id);
        removed++;
      }
    }
    return removed;
  }
}
