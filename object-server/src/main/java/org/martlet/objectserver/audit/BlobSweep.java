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
  private final boolean logIsWhole;

  /// @param logIsWhole false where records may have been lost: then a file that the index does not
  ///     know may be the only trace of an acknowledged object, and is quarantined, not deleted
  public BlobSweep(BlobFiles blobs, ObjectIndex index, boolean logIsWhole) {
    this.blobs = blobs;
    this.index = index;
    this.logIsWhole = logIsWhole;
  }

  private void remove(long id) throws IOException {
    if (logIsWhole) {
      blobs.delete(id);
    } else {
      blobs.quarantine(id);
    }
  }

  /// @return how many files were removed or quarantined
  public long run() throws IOException {
    long removed = 0;
    for (String directory : blobs.directories()) {
      for (long id : blobs.list(directory)) {
        if (!index.isReferenced(id)) {
          remove(id);
          removed++;
        }
      }
    }
    return removed;
  }
}
