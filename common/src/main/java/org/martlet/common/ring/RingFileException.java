package org.martlet.common.ring;

import java.io.IOException;
import java.nio.file.Path;

/// A ring file that cannot be used. The message names the file and what is wrong with it.
public final class RingFileException extends IOException {
  private static final long serialVersionUID = 1;

  RingFileException(Path file, String fault) {
    super(file + ": " + fault);
  }

  RingFileException(Path file, String fault, Throwable cause) {
    super(file + ": " + fault, cause);
  }
}
