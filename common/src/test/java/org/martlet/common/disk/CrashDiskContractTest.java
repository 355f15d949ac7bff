package org.martlet.common.disk;

import java.nio.file.Path;

class CrashDiskContractTest extends DiskContract {
  private static final Path ROOT = Path.of("/device");
  private final Disk disk = new CrashDisk(new PowerSwitch(), ROOT);

  @Override
  Disk disk() {
    return disk;
  }

  @Override
  Path root() {
    return ROOT;
  }
}
