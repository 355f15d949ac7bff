package org.martlet.objectserver.volume;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.martlet.common.disk.DiskFault;
import org.martlet.common.disk.DiskFile;

/// Writes one blob file.
///
/// - Durability: the body is volatile until [#finish] returns.
/// - Threads: one at a time; blocks.
public final class BlobAppender implements AutoCloseable {
  /// So much may be written before it is forced, so that large bodies do not fill the page cache
  /// and then sync for so many seconds that a slow device counts as hung.
  private static final long FORCE_BYTES = 32L << 20;

  private final BlobFiles files;
  private final long id;
  private final DiskFile file;
  private final BlockChecksums checksums = new BlockChecksums();
  private long forced;

  public BlobAppender(BlobFiles files, long id) throws IOException {
    this.files = files;
    this.id = id;
    this.file = files.create(id);
  }

  public long id() {
    return id;
  }

  /// Bytes of body written so far.
  public long size() {
    return checksums.size();
  }

  /// Appends what remains in the buffer and advances it.
  public void append(ByteBuffer chunk) throws DiskFault {
    long position = checksums.size();
    checksums.update(chunk);
    file.write(chunk, position);
    if (checksums.size() - forced >= FORCE_BYTES) {
      file.force(false);
      forced = checksums.size();
    }
  }

  /// Writes the footer and makes file and entry durable.
  public BodyChecksums finish() throws IOException {
    BodyChecksums result = checksums.finish();
    file.write(BlobFooter.encode(id, result), result.size());
    file.force(true);
    files.syncEntry(id);
    return result;
  }

  /// Releases the file; it stays.
  @Override
  public void close() throws DiskFault {
    file.close();
  }
}
