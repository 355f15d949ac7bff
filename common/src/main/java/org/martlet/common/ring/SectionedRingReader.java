package org.martlet.common.ring;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/// Reads a ring file of version 2 by its index, as Swift does. One instance reads one file.
///
/// Only what the index names is inflated, each section from its own part of the file, to the
/// length that the index and the section agree on, and used when its checksum is right.
final class SectionedRingReader {
  /// From the stored block with the index's offset to the end of the file.
  private static final int TAIL = 31;

  private final Path file;
  private final FileChannel channel;
  private final long size;
  private final RingIndex index;
  private long otherBytesLeft = RingFileReader.MAX_JSON_BYTES;

  SectionedRingReader(Path file, FileChannel channel) throws IOException {
    this.file = file;
    this.channel = channel;
    this.size = channel.size();
    this.index = readIndex();
  }

  private RingIndex readIndex() throws IOException {
    long start = indexStart();
    Inflater inflater = new Inflater(true);
    try (DataInputStream in = new DataInputStream(inflated(start, size, inflater))) {
      long length = in.readLong();
      checkLength("the index", length, RingFileReader.MAX_JSON_BYTES);
      byte[] text = in.readNBytes((int) length);
      if (text.length < length) {
        throw new EOFException();
      }
      return json("the index", () -> RingIndex.parse(text, size));
    } finally {
      inflater.end();
    }
  }

  private long indexStart() throws IOException {
    if (size < TAIL) {
      throw new EOFException();
    }
    Inflater inflater = new Inflater(true);
    try (DataInputStream in = new DataInputStream(inflated(size - TAIL, size, inflater))) {
      long start = in.readLong();
      if (start < 0 || start >= size - TAIL) {
        throw fault("the end of the file does not say where the index is (was it recompressed?)");
      }
      return start;
    } finally {
      inflater.end();
    }
  }

  Ring read() throws IOException {
    JsonNode metadata = jsonSection(RingIndex.METADATA);
    List<RingDevice> devices =
        json(
            RingIndex.DEVICES,
            () -> RingDevicesJson.parse(RingJson.MAPPER.readTree(bytes(RingIndex.DEVICES))));
    int power = json(RingIndex.METADATA, () -> RingJson.partPower(metadata));
    int idBytes =
        json(RingIndex.METADATA, () -> RingDevicesJson.integer(metadata, "dev_id_bytes", null));
    if (idBytes != 2 && idBytes != 4) {
      throw fault("dev_id_bytes is " + idBytes + ", only 2 and 4 are supported");
    }
    boolean narrow =
        devices.isEmpty() || devices.getLast().id().value() <= Assignment.MAX_NARROW_ID;
    Assignment rows = rows(1 << power, idBytes, narrow || idBytes == 2);
    Ring ring =
        json(
            RingIndex.ASSIGNMENTS,
            () ->
                new Ring(
                    power,
                    devices,
                    rows,
                    RingJson.version(metadata),
                    RingJson.nextPartPower(metadata)));
    JsonNode replicas = metadata.path("replica_count");
    double claimed = replicas.isNumber() ? replicas.doubleValue() : ring.replicaCount();
    if (!(Math.abs(claimed - ring.replicaCount()) * ring.partitionCount() <= 1)) {
      throw fault("replica_count is " + claimed + ", but there are " + ring.replicaCount());
    }
    return ring;
  }

  /// The sections of others, with their content.
  Map<String, byte[]> otherSections() throws IOException {
    Map<String, byte[]> others = new TreeMap<>();
    for (String name : index.sections().keySet()) {
      if (!RingIndex.OURS.contains(name)) {
        otherBytesLeft -= index.sections().get(name).length();
        if (otherBytesLeft < 0 || !RingIndex.isName(name)) {
          throw fault("section \"" + name + "\" cannot be kept: its name or size is unusual");
        }
        others.put(name, bytes(name));
      }
    }
    return others;
  }

  int deviceIdBytes() throws IOException {
    JsonNode metadata = jsonSection(RingIndex.METADATA);
    return metadata.path("dev_id_bytes").asInt(2) == 4 ? 4 : 2;
  }

  private Assignment rows(int parts, int idBytes, boolean narrow) throws IOException {
    return section(
        RingIndex.ASSIGNMENTS,
        RowReader.MAX_BYTES,
        (length, in) -> {
          long entries = length / idBytes;
          long rows = (entries + parts - 1) / parts;
          if (length % idBytes != 0 || rows > RingJson.MAX_ROWS) {
            throw fault("the assignments have an impossible length: " + length + " bytes");
          }
          RowReader reader = new RowReader(file, in, idBytes, ByteOrder.BIG_ENDIAN);
          char[][] narrowRows = new char[(int) rows][];
          int[][] wideRows = new int[(int) rows][];
          for (int row = 0; row < rows; row++) {
            int wanted = (int) Math.min(parts, entries - (long) row * parts);
            if (narrow) {
              narrowRows[row] = reader.narrow(wanted);
            } else {
              wideRows[row] = reader.wide(wanted);
            }
          }
          return json(
              RingIndex.ASSIGNMENTS,
              () ->
                  narrow
                      ? new Assignment.Narrow(parts, narrowRows)
                      : new Assignment.Wide(parts, wideRows));
        });
  }

  private JsonNode jsonSection(String name) throws IOException {
    byte[] text = bytes(name);
    return json(name, () -> RingJson.MAPPER.readTree(text));
  }

  private byte[] bytes(String name) throws IOException {
    return section(
        name,
        RingFileReader.MAX_JSON_BYTES,
        (length, in) -> {
          byte[] bytes = in.readNBytes((int) length);
          if (bytes.length < length) {
            throw new EOFException();
          }
          return bytes;
        });
  }

  /// What reads the content of a section, which must be all of it.
  private interface Body<T> {
    T read(long length, InputStream in) throws IOException;
  }

  private <T> T section(String name, long limit, Body<T> body) throws IOException {
    RingIndex.@Nullable Section section = index.sections().get(name);
    if (section == null) {
      throw fault("there is no section " + name);
    }
    checkLength("section " + name, section.length(), limit);
    MessageDigest digest = digest(section.algorithm());
    Inflater inflater = new Inflater(true);
    try (DataInputStream in =
        new DataInputStream(
            new DigestInputStream(inflated(section.start(), section.end(), inflater), digest))) {
      if (in.readLong() != section.length()) {
        throw fault("section " + name + " has another length than the index says");
      }
      T content = body.read(section.length(), in);
      String found = HexFormat.of().formatHex(digest.digest());
      if (!found.equals(section.checksum().toLowerCase(Locale.ROOT))) {
        throw fault("section " + name + " is damaged: its checksum is wrong");
      }
      return content;
    } finally {
      inflater.end();
    }
  }

  private InputStream inflated(long from, long to, Inflater inflater) {
    return new InflaterInputStream(new BufferedInputStream(new Slice(from, to)), inflater);
  }

  private void checkLength(String what, long length, long limit) throws RingFileException {
    if (length < 0 || length > limit) {
      throw fault(
          what
              + " claims "
              + Long.toUnsignedString(length)
              + " bytes, at most "
              + limit
              + " are read");
    }
  }

  private interface Parsing<T> {
    T get() throws IOException;
  }

  private <T> T json(String where, Parsing<T> parsing) throws IOException {
    try {
      return parsing.get();
    } catch (JacksonException e) {
      throw new RingFileException(file, where + ": invalid JSON: " + e.getOriginalMessage(), e);
    } catch (IllegalArgumentException e) {
      throw new RingFileException(file, String.valueOf(e.getMessage()), e);
    }
  }

  private RingFileException fault(String what) {
    return new RingFileException(file, what);
  }

  private static MessageDigest digest(String algorithm) {
    try {
      return MessageDigest.getInstance(algorithm);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has " + algorithm, e);
    }
  }

  /// A part of the file.
  private final class Slice extends InputStream {
    private long position;
    private final long end;

    Slice(long from, long end) {
      this.position = from;
      this.end = end;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
      if (length == 0) {
        return 0;
      }
      int wanted = (int) Math.min(length, end - position);
      int got = wanted <= 0 ? -1 : channel.read(ByteBuffer.wrap(into, offset, wanted), position);
      position += Math.max(got, 0);
      return got;
    }
  }
}
