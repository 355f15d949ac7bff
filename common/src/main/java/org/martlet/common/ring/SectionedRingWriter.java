package org.martlet.common.ring;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Writes version 2 of the ring format: sections, each after a full flush so that a reader can
/// begin there, an index of them, and where the index is, at a fixed distance from the end.
///
/// Used once.
final class SectionedRingWriter {
  private static final short VERSION = 2;
  private static final int CHUNK = 1 << 16;

  private final OutputStream out;
  private final Deflater deflater;
  private final CRC32 crc = new CRC32();
  private final byte[] buffer = new byte[CHUNK];
  private final ObjectNode index = RingJson.MAPPER.createObjectNode();
  private long written;
  private long plain;

  private SectionedRingWriter(OutputStream out, Deflater deflater) {
    this.out = out;
    this.deflater = deflater;
  }

  static void write(Path file, Ring ring, RingFormat format, OutputStream out) throws IOException {
    if (format.deviceIdBytes() == 2 && !(ring.assignment() instanceof Assignment.Narrow)) {
      throw new IOException(file + ": device ids over 65534 need 4 bytes each, not 2");
    }
    Deflater deflater = new Deflater(Deflater.BEST_COMPRESSION, true);
    try {
      new SectionedRingWriter(out, deflater).write(file, ring, format);
    } finally {
      deflater.end();
    }
  }

  private void write(Path file, Ring ring, RingFormat format) throws IOException {
    emit(GzipFrame.header(file));
    stored(ByteBuffer.allocate(6).putInt(RingFileReader.MAGIC).putShort(VERSION).array());
    int idBytes = format.deviceIdBytes();
    section(RingIndex.METADATA, json(metadata(ring, idBytes)));
    section(RingIndex.DEVICES, json(devices(ring)));
    section(RingIndex.ASSIGNMENTS, new Rows(ring.assignment(), idBytes));
    for (Map.Entry<String, byte[]> other : format.otherSections().entrySet()) {
      section(other.getKey(), new Bytes(ByteBuffer.wrap(other.getValue())));
    }
    finish();
  }

  /// What a section holds.
  private sealed interface Content {
    long length();
  }

  private record Bytes(ByteBuffer bytes) implements Content {
    @Override
    public long length() {
      return bytes.capacity();
    }
  }

  private record Rows(Assignment rows, int idBytes) implements Content {
    @Override
    public long length() {
      long entries = 0;
      for (int row = 0; row < rows.rows(); row++) {
        entries += rows.length(row);
      }
      return entries * idBytes;
    }
  }

  private static Bytes json(Object node) {
    return new Bytes(ByteBuffer.wrap(RingJson.MAPPER.writeValueAsBytes(node)));
  }

  private static ObjectNode metadata(Ring ring, int idBytes) {
    ObjectNode root = RingJson.MAPPER.createObjectNode();
    root.put("dev_id_bytes", idBytes);
    ring.nextPartPower().ifPresent(power -> root.put("next_part_power", power));
    root.put("part_shift", 32 - ring.partPower());
    root.put("replica_count", ring.replicaCount());
    if (ring.version() != 0) {
      root.put("version", ring.version());
    }
    return root;
  }

  private static ArrayNode devices(Ring ring) {
    ArrayNode devs = RingJson.MAPPER.createArrayNode();
    RingDevicesJson.print(ring, devs);
    return devs;
  }

  private void section(String name, Content content) throws IOException {
    long start = written;
    long plainStart = plain;
    MessageDigest sha256 = sha256();
    blob(content, sha256);
    RingIndex.put(
        index, name, start, plainStart, written, plain, HexFormat.of().formatHex(sha256.digest()));
  }

  /// A length and that many bytes, then a full flush.
  private void blob(Content content, MessageDigest digest) throws IOException {
    deflate(ByteBuffer.allocate(RingIndex.PREFIX).putLong(content.length()).array(), digest);
    switch (content) {
      case Bytes bytes -> deflate(bytes.bytes().array(), digest);
      case Rows rows -> deflateRows(rows, digest);
    }
    flush();
  }

  private void deflateRows(Rows content, MessageDigest digest) throws IOException {
    Assignment rows = content.rows();
    int idsAtOnce = CHUNK / content.idBytes();
    for (int row = 0; row < rows.rows(); row++) {
      for (int from = 0; from < rows.length(row); from += idsAtOnce) {
        int to = Math.min(rows.length(row), from + idsAtOnce);
        ByteBuffer ids = ByteBuffer.allocate((to - from) * content.idBytes());
        for (int part = from; part < to; part++) {
          if (content.idBytes() == 2) {
            ids.putShort((short) rows.device(row, part));
          } else {
            ids.putInt(rows.device(row, part));
          }
        }
        deflate(ids.array(), digest);
      }
    }
  }

  /// The index, then where it begins, twice: in the uncompressed content for those who unzip it
  /// all, and in the file, 31 bytes before its end, for those who do not.
  private void finish() throws IOException {
    long plainStart = plain;
    long start = written;
    blob(json(index), sha256());
    stored(ByteBuffer.allocate(8).putLong(plainStart).array());
    stored(ByteBuffer.allocate(8).putLong(start).array());
    emit(GzipFrame.lastBlock());
    emit(GzipFrame.trailer(crc.getValue(), plain));
  }

  private void deflate(byte[] bytes, MessageDigest digest) throws IOException {
    crc.update(bytes);
    digest.update(bytes);
    plain += bytes.length;
    deflater.setInput(bytes);
    while (!deflater.needsInput()) {
      emit(deflater.deflate(buffer, 0, buffer.length, Deflater.NO_FLUSH));
    }
  }

  private void flush() throws IOException {
    int made;
    do {
      made = deflater.deflate(buffer, 0, buffer.length, Deflater.FULL_FLUSH);
      emit(made);
    } while (made == buffer.length);
  }

  /// Uncompressed content and a flush marker: ten bytes and the content.
  private void stored(byte[] content) throws IOException {
    crc.update(content);
    plain += content.length;
    emit(GzipFrame.storedBlock(content));
    emit(GzipFrame.storedBlock());
  }

  private void emit(int fromBuffer) throws IOException {
    out.write(buffer, 0, fromBuffer);
    written += fromBuffer;
  }

  private void emit(byte[] bytes) throws IOException {
    out.write(bytes);
    written += bytes.length;
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
