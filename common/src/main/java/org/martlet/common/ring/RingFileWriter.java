package org.martlet.common.ring;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;

/// Writes version 1 of the ring format, with Swift's gzip header.
///
/// The six magic bytes are in a stored deflate block of their own: tools that look at the first
/// bytes of a file find them.
final class RingFileWriter {
  private static final short VERSION = 1;
  private static final int CHUNK_IDS = 1 << 15;

  private RingFileWriter() {}

  static void write(Path file, Ring ring, OutputStream out) throws IOException {
    if (!(ring.assignment() instanceof Assignment.Narrow rows)) {
      throw new IOException(
          file + ": a device id is over " + Assignment.MAX_NARROW_ID + ", format 1 cannot hold it");
    }
    out.write(GzipFrame.header(file));
    CRC32 crc = new CRC32();
    long size = 0;

    byte[] magic = ByteBuffer.allocate(6).putInt(RingFileReader.MAGIC).putShort(VERSION).array();
    out.write(GzipFrame.storedBlock(magic));
    crc.update(magic);
    size += magic.length;

    Deflater deflater = new Deflater(Deflater.BEST_COMPRESSION, true);
    try {
      DeflaterOutputStream body = new DeflaterOutputStream(out, deflater, 1 << 16);
      byte[] json = RingJson.print(ring);
      size += emit(ByteBuffer.allocate(4).putInt(json.length).array(), body, crc);
      size += emit(json, body, crc);
      for (int row = 0; row < rows.rows(); row++) {
        size += emitRow(rows, row, body, crc);
      }
      body.finish();
    } finally {
      deflater.end();
    }
    out.write(GzipFrame.trailer(crc.getValue(), size));
  }

  private static int emit(byte[] bytes, OutputStream body, CRC32 crc) throws IOException {
    body.write(bytes);
    crc.update(bytes);
    return bytes.length;
  }

  private static long emitRow(Assignment rows, int row, OutputStream body, CRC32 crc)
      throws IOException {
    long size = 0;
    int length = rows.length(row);
    for (int from = 0; from < length; from += CHUNK_IDS) {
      int to = Math.min(length, from + CHUNK_IDS);
      ByteBuffer chunk = ByteBuffer.allocate(2 * (to - from)).order(ByteOrder.LITTLE_ENDIAN);
      for (int part = from; part < to; part++) {
        chunk.putChar((char) rows.device(row, part));
      }
      size += emit(chunk.array(), body, crc);
    }
    return size;
  }
}
