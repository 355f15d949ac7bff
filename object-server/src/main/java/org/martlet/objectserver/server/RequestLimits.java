package org.martlet.objectserver.server;

import java.time.Duration;
import org.martlet.common.model.ByteSize;

/// How much work a device takes on at once.
///
/// @param threads that may block on one device
/// @param queue how many requests may wait for them
/// @param queueWait how long one may wait before it is answered 503
/// @param readChunk the most that is read ahead of what a client has taken; a multiple of 64 KiB
public record RequestLimits(int threads, int queue, Duration queueWait, ByteSize readChunk) {
  private static final long BLOCK = ByteSize.ofKiB(64).bytes();
  private static final long MAX_READ = ByteSize.ofMiB(8).bytes();

  public static final RequestLimits DEFAULT =
      new RequestLimits(4, 1024, Duration.ofSeconds(2), ByteSize.ofKiB(128));

  public RequestLimits {
    if (threads < 1 || queue < 1 || !queueWait.isPositive()) {
      throw new IllegalArgumentException("a device has no threads, no queue or no time to wait");
    }
    if (readChunk.bytes() < BLOCK
        || readChunk.bytes() > MAX_READ
        || readChunk.bytes() % BLOCK != 0) {
      throw new IllegalArgumentException("read chunk is no multiple of 64 KiB up to 8 MiB");
    }
  }
}
