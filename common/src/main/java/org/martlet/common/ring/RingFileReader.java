package org.martlet.common.ring;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
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

  private static final int CHUNK = 1 << 16;

  private final Path file;
  private final DataInputStream in;
  private final FileChannel channel;

  private RingFileReader(Path file, InputStream unzipped, FileChannel channel) {
    this.file = file;
    this.channel = channel;
    this.in = new DataInputStream(unzipped);
  }

  static RingFile.Loaded load(Path file) throws RingFileException {
    return reading(
        file,
        channel -> {
          MessageDigest md5 = md5();
          InputStream raw = new DigestInputStream(Channels.newInputStream(channel), md5);
          Ring ring =
              new RingFileReader(file, new GZIPInputStream(raw, CHUNK), channel).readAnyVersion();
          raw.transferTo(OutputStream.nullOutputStream());
          return new RingFile.Loaded(ring, HexFormat.of().formatHex(md5.digest()));
        });
  }

  static RingFormat format(Path file) throws RingFileException {
    return reading(
        file,
        channel -> {
          InputStream unzipped = new GZIPInputStream(Channels.newInputStream(channel), CHUNK);
          if (new RingFileReader(file, unzipped, channel).readVersion() == 1) {
            return RingFormat.V1;
          }
          SectionedRingReader sections = new SectionedRingReader(file, channel);
          return RingFormat.V2
              .withDeviceIdBytes(sections.deviceIdBytes())
              .withOtherSections(sections.otherSections());
        });
  }

  private interface Body<T> {
    T read(FileChannel channel) throws IOException;
  }

  /// Opens the file and gives each fault its words.
  private static <T> T reading(Path file, Body<T> body) throws RingFileException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      return body.read(channel);
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
    } catch (IllegalArgumentException e) {
      throw new RingFileException(file, String.valueOf(e.getMessage()), e);
    }
  }

  private Ring readAnyVersion() throws IOException {
    return readVersion() == 1 ? readVersion1() : new SectionedRingReader(file, channel).read();
  }

  private int readVersion() throws IOException {
    if (in.readInt() != MAGIC) {
      throw fault("not a ring file: it does not begin with R1NG");
    }
    int version = in.readUnsignedShort();
    if (version != 1 && version != 2) {
      throw fault("ring format version " + version + " is not supported");
    }
    return version;
  }

  private Ring readVersion1() throws IOException {
    RingJson json = readJson();
    char[][] rows = new char[json.rows()][];
    if ((2L * rows.length) << json.partPower() > RowReader.MAX_BYTES) {
      throw fault("the assignment rows are over " + RowReader.MAX_BYTES + " bytes");
    }
    RowReader reader = new RowReader(file, in, 2, json.byteOrder());
    for (int row = 0; row < rows.length; row++) {
      rows[row] = reader.narrow(1 << json.partPower());
    }
    if (in.read() >= 0) {
      throw fault("more data follows the last assignment row");
    }
    return make(json, rows);
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

  private Ring make(RingJson json, char[][] rows) throws RingFileException {
    try {
      return new Ring(
          json.partPower(),
          json.devices(),
          new Assignment.Narrow(1 << json.partPower(), rows),
          json.version(),
          json.nextPartPower());
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
