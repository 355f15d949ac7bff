package org.martlet.common.ring;

import java.io.IOException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/// Reads and writes Swift's `.ring.gz` files.
///
/// - Shape: gzip of `R1NG`, a big-endian 16-bit version, and for version 1 JSON and rows of
///   16-bit device ids, for version 2 sections with checksums and an index of them.
///   `docs/ring.md` has the details.
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

  /// The layout of a ring file, with the sections of others that it has.
  ///
  /// @throws RingFileException if the file is missing or its layout is damaged
  public static RingFormat format(Path file) throws RingFileException {
    return RingFileReader.format(file);
  }

  /// Replaces a ring file, in version 1 where that can hold the ring.
  ///
  /// @throws IOException if the file cannot be written
  public static void write(Path file, Ring ring) throws IOException {
    write(file, ring, RingFormat.of(ring));
  }

  /// Replaces a ring file.
  ///
  /// The same ring under the same file name gives the same bytes. Durable on return; a crash
  /// leaves the old file or the new one.
  ///
  /// @throws IOException if the file cannot be written, or the format cannot hold the ring: ids
  ///     over 65534 need four bytes
  public static void write(Path file, Ring ring, RingFormat format) throws IOException {
    AtomicFile.write(
        file,
        out -> {
          if (format.version() == 1) {
            RingFileWriter.write(file, ring, out);
          } else {
            SectionedRingWriter.write(file, ring, format, out);
          }
        });
  }

  /// A ring as it was in a file.
  ///
  /// @param md5 of the file's bytes, 32 hexadecimal digits
  public record Loaded(Ring ring, String md5) {
    /// Whether these are the bytes that the ring was read from, and not those of a file that has
    /// taken its place meanwhile.
    public boolean isOf(byte[] file) {
      try {
        return md5.equals(HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(file)));
      } catch (NoSuchAlgorithmException e) {
        throw new IllegalStateException("every Java platform has MD5", e);
      }
    }
  }
}
