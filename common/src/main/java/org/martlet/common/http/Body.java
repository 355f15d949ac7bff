package org.martlet.common.http;

import java.util.concurrent.CompletableFuture;

/// The content of a message, pulled by who consumes it.
///
/// - Protocol: call [#next] again only after the future of the call before has completed;
///   [Chunk#END] ends it. Who gives up early calls [#close]; a body that was read to its end needs
///   none.
/// - Errors: the future fails with an [HttpFault]: the peer went away before the end, was too slow,
///   sent more than is allowed. Nothing can be read afterwards.
/// - Threads: one consumer at a time; futures may complete on an event loop, so what hangs on them
///   must not block.
public interface Body extends AutoCloseable {
  /// The number of bytes in the whole body, or -1 if that is known only at its end (chunked).
  long length();

  /// The next piece, owned by the caller; [Chunk#END] after the last.
  CompletableFuture<Chunk> next();

  /// What followed the last chunk; empty before the end and where there was nothing.
  Headers trailers();

  /// Gives up: what was not read is thrown away; on a connection this may close it.
  @Override
  void close();

  static Body empty() {
    return of(new byte[0]);
  }

  /// A body without content whose length is not told: what answers HEAD where nobody knows how long
  /// the body would be.
  static Body ofUnknownLength() {
    return Bodies.pulling(-1, () -> CompletableFuture.completedFuture(Chunk.END), () -> {});
  }

  static Body of(byte[] bytes) {
    return of(Chunk.of(bytes));
  }

  /// A body of one chunk, whose ownership passes to the body.
  static Body of(Chunk chunk) {
    return new SingleChunkBody(chunk);
  }
}
