package org.martlet.common.disk;

import java.io.IOException;
import java.nio.file.Path;

/// No room on the device, or the quota is used up. What was forced before is still good, the device
/// works, and space may return.
public final class DiskFull extends DiskFault {
  public DiskFull(DiskOperation operation, Path path, IOException cause) {
    super(operation, path, cause);
  }
}
