package org.martlet.common.disk;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.List;

/// The device failed an operation: it says which, on what file, and why.
///
/// As it stands it means that the device is not to be trusted any more (EIO, a file system that
/// went read-only, missing permissions). The subtypes mean something milder: [DiskFull] and
/// [DiskOutOfHandles].
public sealed class DiskFault extends IOException permits DiskFull, DiskOutOfHandles {
  /// `strerror` of ENOSPC and EDQUOT, of EMFILE and ENFILE: the JDK passes on the text and no
  /// number.
  private static final List<String> FULL = List.of("No space left on device", "quota exceeded");

  private static final List<String> OUT_OF_HANDLES = List.of("Too many open files");

  private final DiskOperation operation;
  private final Path path;

  public DiskFault(DiskOperation operation, Path path, IOException cause) {
    super(operation.verb() + " " + path + ": " + reason(cause), cause);
    this.operation = operation;
    this.path = path;
  }

  /// The fault that this exception of the JDK stands for.
  static DiskFault of(DiskOperation operation, Path path, IOException cause) {
    String reason = reason(cause);
    if (FULL.stream().anyMatch(reason::contains)) {
      return new DiskFull(operation, path, cause);
    }
    if (OUT_OF_HANDLES.stream().anyMatch(reason::contains)) {
      return new DiskOutOfHandles(operation, path, cause);
    }
    return new DiskFault(operation, path, cause);
  }

  private static String reason(IOException cause) {
    String reason =
        cause instanceof FileSystemException failure ? failure.getReason() : cause.getMessage();
    return reason == null ? cause.getClass().getSimpleName() : reason;
  }

  public DiskOperation operation() {
    return operation;
  }

  public Path path() {
    return path;
  }
}
