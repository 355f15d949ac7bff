package org.martlet.common.ring;

import java.io.IOException;
import java.nio.file.Path;

/// Reads and writes Swift's `.ring.gz` files.
///
/// - Shape: gzip of `R1NG`, a big-endian 16-bit version, and for version 1 a big-endian 32-bit
///   length, that many bytes of JSON, then for each replica row `2^partPower` 16-bit device ids
///   in the byte order that the JSON names. `docs/ring.md` has the details.
/// - Units/range: at most 64 MiB of JSON and 512 MiB of rows after decompression; more is
///   refused before it is held.
/// - Errors: whatever is wrong with a file is a [RingFileException] that names it.
/// - Threads: any; blocks on file I/O.
public final class RingFile {
  private RingFile() {}

  /// Reads a ring.
  ///
  /// @throws RingFileException if the file is missing, damaged, too large or of a later version
  public static Ring read(Path file) throws RingFileException {
    return RingFileReader.load(file).ring();
  }

  /// Reads a ring together with the MD5 of its file, in hexadecimal, which operators compare
  /// between nodes.
  ///
  /// @throws RingFileException if the file is missing, damaged, too large or of a later version
  public static Loaded load(Path file) throws RingFileException {
    return RingFileReader.load(file);
  }

  /// Replaces a ring file, in version 1.
  ///
  /// The same ring under the same file name gives the same bytes. Durable on return; a crash
  /// leaves the old file or the new one.
  ///
  /// @throws IOException if the file cannot be written, or the ring has a device id over 65534
  public static void write(Path file, Ring ring) throws IOException {
    AtomicFile.write(file, out -> RingFileWriter.write(file, ring, out));
  }

  /// A ring as it was in a file.
  ///
  /// @param md5 of the file's bytes, 32 hexadecimal digits
  public record Loaded(Ring ring, String md5) {}
}
