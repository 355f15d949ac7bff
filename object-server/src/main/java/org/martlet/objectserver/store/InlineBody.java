package org.martlet.objectserver.store;

import java.nio.ByteBuffer;
import java.util.List;
import org.martlet.objectserver.volume.BlockChecksums;
import org.martlet.objectserver.volume.BodyChecksums;

/// A body in memory.
record InlineBody(List<ByteBuffer> chunks, BodyChecksums checksums) implements NewBody {
  static InlineBody of(List<ByteBuffer> chunks) {
    BlockChecksums checksums = new BlockChecksums();
    List<ByteBuffer> own = chunks.stream().map(ByteBuffer::asReadOnlyBuffer).toList();
    own.forEach(checksums::update);
    return new InlineBody(own, checksums.finish());
  }

  @Override
  public long size() {
    return checksums.size();
  }

  @Override
  public int crc32c() {
    return checksums.whole();
  }
}
