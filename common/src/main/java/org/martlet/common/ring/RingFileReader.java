package org.martlet.common.ring;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import tools.jackson.core.JacksonException;

/// Parses a `.ring.gz` file. One instance reads one file once.
///
/// Nothing is allocated on the word of the file alone: arrays grow with the bytes that really
/// come.
final class RingFileReader {
  static final int MAGIC = 0x52314e47; // "R1NG"
  static final int MAX_JSON_BYTES = 64 << 20;
  static final int MAX_ROWS_BYTES = 512 << 20;

  private static final int CHUNK = 1 << 16;

  private final Path file;
  private final DataInputStream in;

  private RingFileReader(Path file, InputStream unzipped) {
    this.file = file;
    this.in = new DataInputStream(unzipped);
  }

  static RingFile.Loaded load(Path file) throws RingFileException {
    try (DigestInputStream raw =
        new DigestInputStream(new BufferedInputStream(Files.newInputStream(file), CHUNK), md5())) {
      Ring ring = new RingFileReader(file, new GZIPInputStream(raw, CHUNK)).read();
      raw.transferTo(OutputStream.nullOutputStream());
      return new RingFile.Loaded(ring, HexFormat.of().formatHex(raw.getMessageDigest().digest()));
    } catch (RingFileException e) {
      throw e;
    } catch (NoSuchFileException e) {
      throw new RingFileException(file, "there is no such file", e);
    } catch (EOFException e) {
      throw new RingFileException(file, "the file is cut short", e);
    } catch (ZipException e) {
      throw new RingFileException(file, "not a gzip file, or damaged: " + e.getMessage(), e);
    } catch (IOException e) {
      throw new RingFileException(file, "cannot be read: " + e, e);
    }
  }

  private Ring read() throws IOException {
    if (in.readInt() != MAGIC) {
      throw fault("not a ring file: it does not begin with R1NG");
    }
    int version = in.readUnsignedShort();
    return switch (version) {
      case 1 -> readVersion1();
      default -> throw fault("ring format version " + version + " is not supported");
    };
  }

  private Ring readVersion1() throws IOException {
    RingJson json = readJson();
    char[][] rows = new char[json.rows()][];
    long left = MAX_ROWS_BYTES;
    for (int row = 0; row < rows.length; row++) {
      rows[row] = readRow(1 << json.partPower(), json.byteOrder(), left);
      left -= 2L * rows[row].length;
    }
    if (in.read() >= 0) {
      throw fault("more data follows the last assignment row");
    }
    return make(json, new Assignment.Narrow(rows));
  }

  private RingJson readJson() throws IOException {
    int length = in.readInt();
    if (length < 0 || length > MAX_JSON_BYTES) {
      throw fault(
          "the JSON part claims "
              + Integer.toUnsignedString(length)
              + " bytes, at most "
              + MAX_JSON_BYTES
              + " are read");
    }
    byte[] text = in.readNBytes(length);
    if (text.length < length) {
      throw new EOFException();
    }
    try {
      return RingJson.parse(text);
    } catch (JacksonException e) {
      throw new RingFileException(file, "invalid JSON: " + e.getOriginalMessage(), e);
    } catch (IllegalArgumentException e) {
      throw new RingFileException(file, String.valueOf(e.getMessage()), e);
    }
  }

  /// Reads up to `entries` ids: fewer only where the file ends, as it does in a fractional last
  /// row.
  private char[] readRow(int entries, ByteOrder order, long byteLimit) throws IOException {
    if (2L * entries > byteLimit) {
      throw fault("the assignment rows are over " + MAX_ROWS_BYTES + " bytes");
    }
    char[] row = new char[Math.min(entries, CHUNK)];
    byte[] chunk = new byte[CHUNK];
    int filled = 0;
    while (filled < entries) {
      int wanted = (int) Math.min(chunk.length, 2L * (entries - filled));
      int got = in.readNBytes(chunk, 0, wanted);
      if (got % 2 != 0) {
        throw fault("the assignment rows end in the middle of a device id");
      }
      if (row.length < filled + got / 2) {
        row = Arrays.copyOf(row, (int) Math.min(entries, Math.max(2L * row.length, filled + got)));
      }
      ByteBuffer.wrap(chunk, 0, got).order(order).asCharBuffer().get(row, filled, got / 2);
      filled += got / 2;
      if (got < wanted) {
        break;
      }
    }
    return filled == row.length ? row : Arrays.copyOf(row, filled);
  }

  private Ring make(RingJson json, Assignment rows) throws RingFileException {
    try {
      return new Ring(json.partPower(), json.devices(), rows, json.version(), json.nextPartPower());
    } catch (IllegalArgumentException e) {
      throw new RingFileException(file, String.valueOf(e.getMessage()), e);
    }
  }

  private RingFileException fault(String what) {
    return new RingFileException(file, what);
  }

  private static MessageDigest md5() {
    try {
      return MessageDigest.getInstance("MD5");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has MD5", e);
    }
  }
}
