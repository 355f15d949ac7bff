package org.martlet.objectserver.store;

import java.nio.ByteBuffer;
import java.util.List;

/// A body that a mutation brings, its checksums computed.
public sealed interface NewBody permits InlineBody, StagedBlob {
  /// Bytes of the body.
  long size();

  /// CRC-32C of the whole body.
  int crc32c();

  /// A small body, to be written into the volume. The bytes are read now, for the checksums, and
  /// by the committer: they must not change until the mutation's future completes. Positions and
  /// limits are left as they are.
  ///
  /// @param chunks the body's bytes in order, at most [DeviceStore#inlineLimit] in sum
  static NewBody inline(List<ByteBuffer> chunks) {
    return InlineBody.of(chunks);
  }
}
