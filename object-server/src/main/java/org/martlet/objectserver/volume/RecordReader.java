package org.martlet.objectserver.volume;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.NoSuchFileException;
import java.util.zip.CRC32C;
import org.martlet.common.disk.DiskFault;
import org.martlet.objectserver.state.ObjectKey;

/// Reads records at known places and verifies them.
///
/// Threads: any.
public final class RecordReader {
  private final Volumes volumes;

  public RecordReader(Volumes volumes) {
    this.volumes = volumes;
  }

  /// Reads a record's envelope, and nothing of its body.
  ///
  /// @throws MalformedRecord if there is not a valid record of this key
  public Envelope readEnvelope(ObjectKey key, RecordLocation at) throws DiskFault, MalformedRecord {
    ByteBuffer head = ByteBuffer.allocate(at.headLength());
    try (Volumes.Pin pin = volumes.pin(at.volume())) {
      pin.file().read(head, at.offset());
      RecordHeader header = header(key, at, pin, head.flip());
      return envelope(header, at, head);
    } catch (NoSuchFileException e) {
      throw new MalformedRecord("volume " + at.volume() + " is missing", e);
    }
  }

  /// Reads a whole record and verifies every byte of it.
  ///
  /// @param into holds the record from position 0 on return; room for [RecordLocation#length]
  /// @throws MalformedRecord if there is not a valid record of this key
  public WholeRecord readWhole(ObjectKey key, RecordLocation at, ByteBuffer into)
      throws DiskFault, MalformedRecord {
    into.clear().limit(at.length());
    try (Volumes.Pin pin = volumes.pin(at.volume())) {
      pin.file().read(into, at.offset());
      into.flip();
      RecordHeader header = header(key, at, pin, into);
      if (into.remaining() < at.length()) {
        throw new MalformedRecord("record is cut short: " + at, null);
      }
      Envelope envelope = envelope(header, at, into);
      BodyChecksums checksums = verifyBody(header, into, pin.newSeal(), at.offset());
      ByteBuffer body = into.slice(header.headLength(), header.bodyLength());
      int crc = envelope.bodyCrc();
      return new WholeRecord(envelope, body, checksums, crc);
    } catch (NoSuchFileException e) {
      throw new MalformedRecord("volume " + at.volume() + " is missing", e);
    }
  }

  /// A verified record.
  ///
  /// @param body the body in it, a view of the buffer that it was read into
  /// @param bodyCrc of the whole body, as stated
  public record WholeRecord(
      Envelope envelope, ByteBuffer body, BodyChecksums checksums, int bodyCrc) {}

  private static RecordHeader header(
      ObjectKey key, RecordLocation at, Volumes.Pin pin, ByteBuffer head) throws MalformedRecord {
    if (head.remaining() < at.headLength() || at.headLength() < RecordHeader.BYTES) {
      throw new MalformedRecord("record is cut short: " + at, null);
    }
    RecordHeader header = RecordHeader.decode(head, pin.newSeal(), at.offset());
    if (header == null
        || !header.key().equals(key)
        || header.length() != at.length()
        || header.headLength() != at.headLength()) {
      throw new MalformedRecord("no record of " + key + " is at " + at, null);
    }
    return header;
  }

  private static Envelope envelope(RecordHeader header, RecordLocation at, ByteBuffer record)
      throws MalformedRecord {
    ByteBuffer envelope = record.slice(RecordHeader.BYTES, header.envelopeLength());
    if (!envelopeMatches(header, envelope)) {
      throw new MalformedRecord("envelope is damaged: " + at, null);
    }
    return Envelope.decode(header.key(), envelope);
  }

  static boolean envelopeMatches(RecordHeader header, ByteBuffer envelope) {
    CRC32C crc = new CRC32C();
    crc.update(envelope.duplicate());
    return (int) crc.getValue() == header.envelopeCrc();
  }

  /// Verifies body and record checksums of a record that begins at the buffer's position 0.
  static BodyChecksums verifyBody(RecordHeader header, ByteBuffer record, Seal seal, long offset)
      throws MalformedRecord {
    int bodyFrom = header.headLength();
    int tableFrom = bodyFrom + header.bodyLength();
    int tableLength = Integer.BYTES * BlockChecksums.count(header.bodyLength());
    ByteBuffer tail =
        record.slice(tableFrom, tableLength + Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    int crc =
        seal.begin(offset)
            .update(record.slice(0, RecordHeader.BYTES))
            .update(tail.slice(0, tableLength))
            .value();
    if (crc != tail.getInt(tableLength)) {
      throw new MalformedRecord("record checksum is wrong at " + offset, null);
    }
    int paddingFrom = tableFrom + tableLength + Integer.BYTES;
    for (int i = paddingFrom; i < header.length(); i++) {
      if (record.get(i) != 0) {
        throw new MalformedRecord("padding is not zero at " + offset, null);
      }
    }
    BodyChecksums checksums = BodyChecksums.read(tail, header.bodyLength(), 0);
    for (int block = 0; block < checksums.blockCount(); block++) {
      int from = block * BlockChecksums.BLOCK_BYTES;
      int length = Math.min(BlockChecksums.BLOCK_BYTES, header.bodyLength() - from);
      if (!checksums.matches(block, record.slice(bodyFrom + from, length))) {
        throw new MalformedRecord(
            "block " + block + " is damaged in the record at " + offset, null);
      }
    }
    return checksums;
  }
}
