package org.martlet.replicator.run;

import java.nio.ByteBuffer;
import org.martlet.common.replication.FrameHead;

/// A whole record on its way from one device to another, not looked into.
///
/// @param bytes head, record and body as on the wire; read-only
public record RecordFrame(FrameHead head, ByteBuffer bytes) {
  public RecordFrame {
    bytes = bytes.asReadOnlyBuffer();
  }

  @Override
  public ByteBuffer bytes() {
    return bytes.duplicate();
  }

  /// The same without its body, for who has the body already.
  public RecordFrame withoutBody() {
    if (head.bodyBytes() <= 0) {
      return this;
    }
    FrameHead bare =
        new FrameHead(
            head.hash(),
            head.sequence(),
            head.listingDue(),
            head.recordBytes(),
            FrameHead.OMITTED,
            head.recordCrc());
    ByteBuffer to = ByteBuffer.allocate(Math.toIntExact(bare.frameBytes()));
    bare.write(to);
    to.put(bytes.slice(FrameHead.BYTES, head.recordBytes()));
    return new RecordFrame(bare, to.flip());
  }
}
