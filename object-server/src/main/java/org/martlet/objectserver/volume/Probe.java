package org.martlet.objectserver.volume;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.NoSuchFileException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import org.martlet.common.disk.DiskFault;
import org.martlet.common.disk.DiskFile;
import org.martlet.objectserver.state.Etag;
import org.martlet.objectserver.state.ObjectKey;

/// Looks at one record or blob for whoever wants to know what is wrong with it: each checksum is
/// verified by itself, and one that fails does not end the look.
///
/// Nothing that this gives may be served. Changes nothing.
///
/// Threads: one at a time; blocks.
public final class Probe {
  private static final int BLOCK = BlockChecksums.BLOCK_BYTES;
  private static final int CHUNK = 16 * BLOCK;
  private static final int BLOCKS_NAMED = 8;
  private static final int FOOTER_BYTES = 40;

  private final Volumes volumes;
  private final BlobFiles blobs;
  private final BooleanSupplier stopped;

  /// @param stopped asked between two reads of a large body
  public Probe(Volumes volumes, BlobFiles blobs, BooleanSupplier stopped) {
    this.volumes = volumes;
    this.blobs = blobs;
    this.stopped = stopped;
  }

  /// One thing that was verified.
  ///
  /// @param detail in words; may be empty where all is well
  public record Check(String what, boolean good, String detail) {
    public static Check of(String what, boolean good, String otherwise) {
      return new Check(what, good, good ? "" : otherwise);
    }
  }

  /// What is at a record's place.
  ///
  /// @param header null if it is damaged
  /// @param envelope null if it is damaged, or the record has none
  public record FoundRecord(
      @Nullable RecordHeader header, @Nullable Envelope envelope, List<Check> checks) {}

  /// What a body is.
  ///
  /// @param crc32c of all its bytes
  /// @param md5 of all its bytes
  public record FoundBody(int crc32c, Etag md5) {}

  /// Verifies a record with all that is in it.
  ///
  /// @param body takes what the body is, where all of it could be read; null: it is not wanted
  /// @throws NoSuchFileException if there is no such volume
  public FoundRecord record(ObjectKey key, RecordLocation at, @Nullable BodySink body)
      throws DiskFault, NoSuchFileException {
    ByteBuffer bytes = ByteBuffer.allocate(at.length());
    List<Check> checks = new ArrayList<>();
    Seal seal;
    try (Volumes.Pin pin = volumes.pin(at.volume())) {
      pin.file().read(bytes, at.offset());
      seal = pin.newSeal();
    }
    bytes.flip();
    RecordHeader header =
        bytes.remaining() < RecordHeader.BYTES
            ? null
            : RecordHeader.decode(bytes, seal, at.offset());
    String wrong = wrongWith(header, key, at, bytes.remaining());
    checks.add(Check.of("record header", wrong.isEmpty(), wrong));
    if (header == null || !wrong.isEmpty()) {
      return new FoundRecord(null, null, checks);
    }
    Envelope envelope = header.kind().isGone() ? null : envelope(header, bytes, checks);
    verifyRest(header, bytes, seal, at.offset(), checks);
    if (body != null) {
      body.take(digest(bytes.slice(header.headLength(), header.bodyLength())));
    }
    return new FoundRecord(header, envelope, checks);
  }

  /// Takes what a body is.
  public interface BodySink {
    void take(FoundBody body);
  }

  private static String wrongWith(
      @Nullable RecordHeader header, ObjectKey key, RecordLocation at, int read) {
    if (read < at.length()) {
      return "the volume ends " + (at.length() - read) + " bytes before the record does";
    }
    if (header == null) {
      return "its checksum is wrong, or there is no record here";
    }
    if (!header.key().equals(key)) {
      return "the record is of another object: " + header.key().hash();
    }
    return header.length() == at.length() && header.headLength() == at.headLength()
        ? ""
        : "its lengths are not those in the index";
  }

  private static @Nullable Envelope envelope(
      RecordHeader header, ByteBuffer record, List<Check> checks) {
    ByteBuffer bytes = record.slice(RecordHeader.BYTES, header.envelopeLength());
    if (!RecordReader.envelopeMatches(header, bytes)) {
      checks.add(new Check("name and metadata", false, "the checksum is wrong"));
      return null;
    }
    try {
      Envelope envelope = Envelope.decode(header.key(), bytes);
      checks.add(new Check("name and metadata", true, ""));
      return envelope;
    } catch (MalformedRecord e) {
      checks.add(new Check("name and metadata", false, String.valueOf(e.getMessage())));
      return null;
    }
  }

  /// The record's own checksum, and those of the blocks of a body in it.
  private static void verifyRest(
      RecordHeader header, ByteBuffer record, Seal seal, long offset, List<Check> checks) {
    int count = BlockChecksums.count(header.bodyLength());
    int tableFrom = header.headLength() + header.bodyLength();
    ByteBuffer tail =
        record.slice(tableFrom, record.limit() - tableFrom).order(ByteOrder.LITTLE_ENDIAN);
    int table = count * Integer.BYTES;
    int crc =
        seal.begin(offset)
            .update(record.slice(0, RecordHeader.BYTES))
            .update(tail.slice(0, table))
            .value();
    checks.add(
        Check.of("record checksum", crc == tail.getInt(table), "it or what it covers is damaged"));
    boolean padded = true;
    for (int i = table + Integer.BYTES; i < tail.limit(); i++) {
      padded &= tail.get(i) == 0;
    }
    if (!padded) {
      checks.add(new Check("padding", false, "it is not zero"));
    }
    if (count > 0) {
      BodyChecksums blocks = BodyChecksums.read(tail, header.bodyLength(), 0);
      Blocks seen = new Blocks(count);
      for (int block = 0; block < count; block++) {
        int from = block * BLOCK;
        int length = Math.min(BLOCK, header.bodyLength() - from);
        if (!blocks.matches(block, record.slice(header.headLength() + from, length))) {
          seen.damaged(block);
        }
      }
      checks.add(seen.check());
    }
  }

  private static FoundBody digest(ByteBuffer body) {
    CRC32C crc = new CRC32C();
    crc.update(body.duplicate());
    MessageDigest md5 = newMd5();
    md5.update(body.duplicate());
    return new FoundBody((int) crc.getValue(), Etag.of(md5.digest()));
  }

  private static MessageDigest newMd5() {
    try {
      return MessageDigest.getInstance("MD5");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has MD5", e);
    }
  }

  /// Verifies a blob file, all of it.
  ///
  /// @param size that the body must have
  /// @param crc32c that the body must have
  /// @param body takes what the body is, where all of it could be read
  public List<Check> blob(long id, long size, int crc32c, BodySink body) throws DiskFault {
    List<Check> checks = new ArrayList<>();
    try (DiskFile file = blobs.openForRead(id)) {
      long wanted = size + (long) Integer.BYTES * BlockChecksums.count(size) + FOOTER_BYTES;
      long actual = file.size();
      checks.add(
          Check.of("blob file", actual == wanted, "it has " + actual + " bytes, not " + wanted));
      blocks(file, size, footer(file, id, size, crc32c, checks), checks, body);
    } catch (NoSuchFileException e) {
      checks.add(new Check("blob file", false, "it is missing"));
    }
    return checks;
  }

  private static @Nullable BlobFooter footer(
      DiskFile file, long id, long size, int crc32c, List<Check> checks) throws DiskFault {
    try {
      BlobFooter footer = BlobFooter.open(file, id, size, crc32c, BlobFooter.WINDOW);
      checks.add(new Check("blob footer", true, ""));
      return footer;
    } catch (MalformedRecord e) {
      checks.add(new Check("blob footer", false, "it is damaged, or of another blob"));
      return null;
    }
  }

  private void blocks(
      DiskFile file, long size, @Nullable BlobFooter footer, List<Check> checks, BodySink body)
      throws DiskFault {
    Blocks seen = new Blocks(BlockChecksums.count(size));
    ByteBuffer chunk = ByteBuffer.allocate(CHUNK);
    CRC32C crc = new CRC32C();
    MessageDigest md5 = newMd5();
    for (long offset = 0; offset < size; offset += CHUNK) {
      if (stopped.getAsBoolean()) {
        checks.add(new Check("blocks", false, "not verified: the device is being closed"));
        return;
      }
      chunk.clear().limit((int) Math.min(CHUNK, size - offset));
      int wanted = chunk.remaining();
      if (file.read(chunk, offset) < wanted) {
        checks.add(new Check("blocks", false, "the file ends before the body does"));
        return;
      }
      chunk.flip();
      crc.update(chunk.duplicate());
      md5.update(chunk.duplicate());
      compare(footer, (int) (offset / BLOCK), chunk, seen);
    }
    checks.add(footer == null ? seen.unknown() : seen.check());
    body.take(new FoundBody((int) crc.getValue(), Etag.of(md5.digest())));
  }

  private static void compare(@Nullable BlobFooter footer, int first, ByteBuffer chunk, Blocks seen)
      throws DiskFault {
    if (footer == null) {
      return;
    }
    for (int from = 0, block = first; from < chunk.limit(); from += BLOCK, block++) {
      try {
        if (!footer.matches(block, chunk.slice(from, Math.min(BLOCK, chunk.limit() - from)))) {
          seen.damaged(block);
        }
      } catch (MalformedRecord e) {
        seen.damaged(block);
      }
    }
  }

  /// Which blocks of a body are damaged.
  private static final class Blocks {
    private final int count;
    private final List<Integer> first = new ArrayList<>();
    private int damaged;

    Blocks(int count) {
      this.count = count;
    }

    void damaged(int block) {
      damaged++;
      if (first.size() < BLOCKS_NAMED) {
        first.add(block);
      }
    }

    Check unknown() {
      return new Check("blocks", false, "not verified: the footer has their checksums");
    }

    Check check() {
      if (damaged == 0) {
        return new Check("blocks", true, count + " of 64 KiB");
      }
      String more = damaged > first.size() ? " and more" : "";
      return new Check("blocks", false, damaged + " of " + count + " are damaged: " + first + more);
    }
  }
}
