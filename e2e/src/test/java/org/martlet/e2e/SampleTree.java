package org.martlet.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;

/// A directory tree of the kinds of files that users have: empty, tiny, inline, just around the
/// limits, larger than any buffer; names with spaces, non-ASCII letters and URL characters.
final class SampleTree {
  private static final int[] SIZES = {
    0, 1, 17, 4096, 65_535, 65_536, 65_537, 262_143, 262_144, 262_145, 1_000_000, 5_000_000
  };

  private SampleTree() {}

  /// Writes the same tree for the same seed.
  static void write(Path root, long seed) throws IOException {
    Random random = new Random(seed);
    String[] directories = {"", "a", "a/b", "with space", "größe", "100%+&=?#"};
    for (int d = 0; d < directories.length; d++) {
      Path directory = root.resolve(directories[d]);
      Files.createDirectories(directory);
      for (int i = 0; i < SIZES.length; i++) {
        byte[] bytes = new byte[SIZES[i]];
        random.nextBytes(bytes);
        Files.write(directory.resolve("file " + d + "-" + i + ".bin"), bytes);
      }
    }
    byte[] large = new byte[20_000_000];
    random.nextBytes(large);
    Files.write(root.resolve("large.bin"), large);
  }
}
