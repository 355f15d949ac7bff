package org.martlet.common.http;

import io.netty.buffer.ByteBufAllocator;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Direct buffers to fill with what is read from disk and to send without a copy, within a budget.
///
/// - Bound: the bytes of all chunks that are not released, each rounded up to 1 KiB.
/// - Threads: any.
public final class BufferPool {
  private static final int UNIT = 1024;

  private final ByteBufAllocator allocator;
  private final Semaphore free;
  private final int units;

  /// @param budgetBytes at least 1 MiB
  public BufferPool(EventLoops loops, long budgetBytes) {
    if (budgetBytes < 1 << 20 || budgetBytes / UNIT > Integer.MAX_VALUE) {
      throw new IllegalArgumentException("a buffer budget is out of range: " + budgetBytes);
    }
    this.allocator = loops.allocator();
    this.units = (int) (budgetBytes / UNIT);
    this.free = new Semaphore(units, true);
  }

  /// A buffer of that size, null if the budget is used up. Does not block.
  public @Nullable WritableChunk tryAllocate(int size) {
    int taken = unitsOf(size);
    return free.tryAcquire(taken) ? allocated(size, taken) : null;
  }

  /// A buffer of that size; waits for others to be released, null if that takes too long.
  public @Nullable WritableChunk allocate(int size, Duration patience) throws InterruptedException {
    int taken = unitsOf(size);
    return free.tryAcquire(taken, patience.toNanos(), TimeUnit.NANOSECONDS)
        ? allocated(size, taken)
        : null;
  }

  /// Bytes of the budget in use.
  public long outstanding() {
    return (long) (units - free.availablePermits()) * UNIT;
  }

  void giveBack(int taken) {
    free.release(taken);
  }

  private WritableChunk allocated(int size, int taken) {
    try {
      return new WritableChunk(this, allocator.directBuffer(size, size), taken);
    } catch (RuntimeException | Error e) {
      free.release(taken);
      throw e;
    }
  }

  private int unitsOf(int size) {
    if (size < 1) {
      throw new IllegalArgumentException("the size of a buffer is not positive");
    }
    int taken = (size - 1) / UNIT + 1;
    if (taken > units) {
      throw new IllegalArgumentException("a buffer is larger than the budget: " + size);
    }
    return taken;
  }
}
