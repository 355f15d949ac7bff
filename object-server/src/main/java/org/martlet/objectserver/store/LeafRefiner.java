package org.martlet.objectserver.store;

import com.google.common.util.concurrent.RateLimiter;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.martlet.common.kv.KeyValueFault;
import org.martlet.objectserver.index.LeafRefinement;
import org.martlet.objectserver.index.ObjectIndex;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Makes finer digests while the device serves, when partitions have become smaller than leaves (a
/// ring's part power was raised) or leaves have come to hold many more than a thousand records.
///
/// It reads the index once, at a limited rate, and hands the committer piece after piece; meanwhile
/// a change costs the committer two leaves instead of one. Given up at any moment, the digests in
/// use are as they were.
final class LeafRefiner {
  private static final Logger LOG = LoggerFactory.getLogger(LeafRefiner.class);
  private static final Duration LOOK = Duration.ofHours(1);
  private static final Duration RETRY = Duration.ofMillis(100);

  /// So many records are scanned in a fraction of a second.
  private static final long FEW_RECORDS = 200_000;

  private final String device;
  private final DeviceParts parts;
  private final ObjectIndex index;
  private final CommitQueue queue;
  private final IndexFlusher flusher;
  private final RateLimiter limiter;
  private final AtomicInteger wanted;
  private final BackgroundLoop loop;

  /// @param name of the thread
  LeafRefiner(
      String name,
      DeviceParts parts,
      CommitQueue queue,
      IndexFlusher flusher,
      DeviceStoreConfig config) {
    this.device = config.root().toString();
    this.parts = parts;
    this.index = parts.index();
    this.queue = queue;
    this.flusher = flusher;
    this.limiter =
        RateLimiter.create((double) config.background().compaction().bytesPerSecond().bytes());
    this.wanted = new AtomicInteger(config.leafBits());
    this.loop = new BackgroundLoop(name, LOOK, this::refineIfNeeded);
  }

  /// Digests of partitions of this part power are asked for.
  ///
  /// @return whether they cannot be had for now but by a scan that takes long: they are on their
  ///     way
  boolean isAwaited(int partPower) {
    if (partPower <= index.leafBits() || !index.needsFinerDigests(partPower)) {
      return false;
    }
    wanted.accumulateAndGet(partPower, Math::max);
    loop.wake();
    return index.records() > FEW_RECORDS;
  }

  private void refineIfNeeded() {
    try {
      if (index.needsFinerDigests(wanted.get())) {
        refine(wanted.get());
      }
    } catch (KeyValueFault e) {
      if (e.kind() == KeyValueFault.Kind.NO_SPACE) {
        LOG.warn("no space for finer digests of {}: {}", device, e.getMessage());
      } else {
        parts.health().offline("making finer digests failed", e);
      }
    } catch (RuntimeException | Error e) {
      parts.health().offline("making finer digests failed", e);
      throw e;
    }
  }

  /// Does it now, on the caller's thread.
  synchronized void refine(int minimumLeafBits) throws KeyValueFault {
    int before = index.leafBits();
    try (LeafRefinement refinement = begin(minimumLeafBits)) {
      if (refinement == null) {
        return;
      }
      boolean done = addAll(refinement) && commit(refinement, null);
      if (done) {
        flusher.flushNow();
        LOG.info(
            "{} has digests of {} leaf bits now, before of {}", device, index.leafBits(), before);
      } else {
        ask(answer -> queue.add(new Request.EndRefinement(refinement, answer)) == null);
      }
    }
  }

  private @Nullable LeafRefinement begin(int minimumLeafBits) throws KeyValueFault {
    CompletableFuture<Optional<LeafRefinement>> answer = new CompletableFuture<>();
    if (queue.add(new Request.BeginRefinement(minimumLeafBits, answer)) != null) {
      return null;
    }
    try {
      return answer.join().orElse(null);
    } catch (CompletionException e) {
      if (e.getCause() instanceof KeyValueFault fault) {
        throw fault;
      }
      throw e;
    }
  }

  private boolean addAll(LeafRefinement refinement) throws KeyValueFault {
    LeafRefinement.Leaves piece = refinement.next();
    while (piece != null) {
      if (!commit(refinement, piece)) {
        return false;
      }
      limiter.acquire(Math.max(1, Math.toIntExact(piece.bytes())));
      piece = refinement.next();
    }
    return true;
  }

  /// @return false if the device stops
  private boolean commit(LeafRefinement refinement, LeafRefinement.@Nullable Leaves piece) {
    while (!loop.isStopped() && !parts.health().isOver()) {
      if (ask(answer -> queue.add(new Request.Refine(refinement, piece, answer)) == null)) {
        return true;
      }
      if (queue.awaitClose(RETRY)) {
        return false;
      }
    }
    return false;
  }

  private static boolean ask(Predicate<CompletableFuture<Boolean>> request) {
    CompletableFuture<Boolean> answer = new CompletableFuture<>();
    return request.test(answer) && answer.join();
  }

  /// Its thread; stopped, it gives up what is under way as soon as it can.
  BackgroundLoop loop() {
    return loop;
  }
}
