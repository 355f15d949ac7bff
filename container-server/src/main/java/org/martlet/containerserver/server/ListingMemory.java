package org.martlet.containerserver.server;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import org.martlet.common.http.Bodies;
import org.martlet.common.http.Body;
import org.martlet.common.http.Chunk;
import org.martlet.common.http.Refused;
import org.martlet.containerserver.listing.EntryCost;

/// Bounds the memory of listings while they are made, and while they are on their way to clients
/// who may be slow.
///
/// Threads: any; does not block.
final class ListingMemory {
  private static final int CHUNK = 64 * 1024;

  /// What is taken from the budget at once.
  private static final int STEP = 256 * 1024;

  /// The heap that an entry takes as a row and as written out, apart from its texts.
  private static final int ENTRY_BYTES = 512;

  /// How many times the heap holds an entry's texts: as they are stored, decoded, written out.
  private static final int COPIES = 4;

  private final Semaphore budget;

  ListingMemory(int bytes) {
    this.budget = new Semaphore(bytes);
  }

  /// Begins a listing.
  Share share() {
    return new Share();
  }

  /// What is left, in bytes.
  int left() {
    return budget.availablePermits();
  }

  private void take(int bytes) {
    if (!budget.tryAcquire(bytes)) {
      throw new Refused(503, "The server is busy: too many listings in memory");
    }
  }

  /// The memory of one listing, taken from the budget before its entries are taken into memory.
  ///
  /// Threads: one at a time.
  final class Share implements EntryCost, AutoCloseable {
    private int held;
    private int used;

    /// @throws Refused 503 if the budget is used up
    @Override
    public void add(int storedBytes) {
      int more = ENTRY_BYTES + COPIES * storedBytes;
      if (more > held - used) {
        int missing = Math.max(STEP, more);
        take(missing);
        held += missing;
      }
      used += more;
    }

    /// A body that takes over the share, as large as the body, and gives it back once it was taken
    /// to the end or closed.
    ///
    /// @throws Refused 503 if the budget is used up
    Body body(byte[] bytes) {
      if (bytes.length > held) {
        take(bytes.length - held);
      } else {
        budget.release(held - bytes.length);
      }
      held = 0;
      return new Sending(bytes).body();
    }

    /// Gives back what no body has taken over.
    @Override
    public void close() {
      budget.release(held);
      held = 0;
    }
  }

  private final class Sending {
    private final byte[] bytes;
    private final AtomicBoolean released = new AtomicBoolean();
    private int sent;

    Sending(byte[] bytes) {
      this.bytes = bytes;
    }

    Body body() {
      return Bodies.pulling(bytes.length, this::next, this::release);
    }

    private CompletableFuture<Chunk> next() {
      int size = Math.min(CHUNK, bytes.length - sent);
      if (size == 0) {
        release();
        return CompletableFuture.completedFuture(Chunk.END);
      }
      Chunk chunk = Chunk.of(bytes, sent, size);
      sent += size;
      return CompletableFuture.completedFuture(chunk);
    }

    private void release() {
      if (released.compareAndSet(false, true)) {
        budget.release(bytes.length);
      }
    }
  }
}
