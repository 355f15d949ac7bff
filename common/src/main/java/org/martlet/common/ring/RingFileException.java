package org.martlet.common.ring;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/// A ring file that cannot be used. The message names the file and what is wrong with it.
public final class RingFileException extends IOException {
  private static final long serialVersionUID = 1;

  RingFileException(Path file, String fault) {
    super(file + ": " + fault);
  }

  private RingFileException(String message) {
    super(message);
  }

  /// One that says what several say, a line each.
  public static RingFileException all(List<RingFileException> several) {
    RingFileException all =
        new RingFileException(
            several.stream().map(Throwable::getMessage).collect(Collectors.joining("\n")));
    several.forEach(all::addSuppressed);
    return all;
  }

  RingFileException(Path file, String fault, Throwable cause) {
    super(file + ": " + fault, cause);
  }
}
