package org.martlet.common.ring;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;

/// Replaces a file whole or not at all, for the small files that operators copy about: rings
/// and builders.
public final class AtomicFile {
  private AtomicFile() {}

  /// What writes a file's content.
  @FunctionalInterface
  public interface Content {
    void writeTo(OutputStream out) throws IOException;
  }

  /// Writes the content beside the file, makes it durable, then renames it into place.
  ///
  /// - Durability: on return the new content and its name are on stable storage; a crash before
  ///   leaves the old file, and perhaps a `.tmp` file beside it.
  /// - Errors: on any exception the old file is untouched.
  /// - Threads: any; blocks. Two writers of one file do not mix: the later rename wins.
  public static void write(Path file, Content content) throws IOException {
    write(file, content, "rw-r--r--");
  }

  /// As [#write], readable by its owner only.
  public static void writeSecret(Path file, Content content) throws IOException {
    write(file, content, "rw-------");
  }

  private static void write(Path file, Content content, String permissions) throws IOException {
    Path target = file.toAbsolutePath();
    Path directory = target.getParent();
    if (directory == null) {
      throw new IOException(file + ": not a file name");
    }
    Path temporary = Files.createTempFile(directory, "." + target.getFileName() + ".", ".tmp");
    try {
      try (FileChannel channel = FileChannel.open(temporary, StandardOpenOption.WRITE)) {
        OutputStream out = new BufferedOutputStream(Channels.newOutputStream(channel), 1 << 16);
        content.writeTo(out);
        out.flush();
        channel.force(true);
      }
      Files.setPosixFilePermissions(temporary, PosixFilePermissions.fromString(permissions));
      Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException | RuntimeException e) {
      Files.deleteIfExists(temporary);
      throw e;
    }
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }
}
