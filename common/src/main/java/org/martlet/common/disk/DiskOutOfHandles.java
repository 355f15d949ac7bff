package org.martlet.common.disk;

import java.io.IOException;
import java.nio.file.Path;

/// This process or machine has as many open files as it may. The device is healthy, nothing was
/// done, and the same call may succeed later.
public final class DiskOutOfHandles extends DiskFault {
  public DiskOutOfHandles(DiskOperation operation, Path path, IOException cause) {
    super(operation, path, cause);
  }
}
