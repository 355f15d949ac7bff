package org.martlet.common.disk;

import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class RealDiskIT extends DiskContract {
  @TempDir private Path root;
  private final Disk disk = new RealDisk();

  @Override
  Disk disk() {
    return disk;
  }

  @Override
  Path root() {
    return root;
  }
}
