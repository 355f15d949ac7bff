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
}
