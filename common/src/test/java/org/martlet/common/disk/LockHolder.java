package org.martlet.common.disk;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/// A process that tries to take the lock that is its argument: exit code 0 if it got it, 1 if not.
final class LockHolder {
  private LockHolder() {}

  public static void main(String[] arguments) throws IOException {
    Optional<DiskLock> lock = new RealDisk().tryLock(Path.of(arguments[0]));
    System.exit(lock.isPresent() ? 0 : 1);
  }

  /// Whether another process than this can have the lock.
  static boolean isFreeForOthers(Path file) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                LockHolder.class.getName(),
                file.toString())
            .inheritIO()
            .start();
    return process.waitFor() == 0;
  }
}
