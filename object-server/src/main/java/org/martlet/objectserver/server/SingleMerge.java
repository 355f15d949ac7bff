package org.martlet.objectserver.server;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import org.martlet.common.http.Body;
import org.martlet.common.http.Chunk;
import org.martlet.common.http.Refused;
import org.martlet.common.http.Response;
import org.martlet.common.replication.FrameHead;
import org.martlet.common.replication.MergeResult;
import org.martlet.common.replication.MergeResult.Outcome;
import org.martlet.common.runtime.Failures;
import org.martlet.objectserver.server.RecordMerger.Decided;
import org.martlet.objectserver.server.RecordMerger.Welcome;
import org.martlet.objectserver.store.BlobWriter;
import org.martlet.objectserver.store.MutationOutcome;
import org.martlet.objectserver.store.NewBody;
import org.martlet.objectserver.store.StoreFault;

/// `PUT /<device>/replication/record`: one record with a body of any size.
///
/// Head and record are gathered in memory under the budget for bodies and judged before the body is
/// taken: what is not wanted is answered then, and its body is not read. A body that is not small
/// is written to a file as it comes.
///
/// - Threads: one step at a time: the body's event loop, then the device's threads.
final class SingleMerge {
  private static final CompletableFuture<@Nullable Void> DONE =
      CompletableFuture.completedFuture(null);

  private final RecordMerger merger;
  private final Device device;
  private final int policy;
  private final Body body;
  private final int inlineLimit;
  private final BodyMemory memory;
  private final GatheredBody gathered;
  private @Nullable FrameHead head;
  private @Nullable Welcome welcome;
  private @Nullable BlobSink blob;
  private long received;

  /// Ends the reception early: what is to be answered is known.
  private static final class Known extends RuntimeException {
    private static final long serialVersionUID = 1;
    private final transient MergeResult result;

    Known(MergeResult result) {
      super(result.toString(), null, false, false);
      this.result = result;
    }
  }

  private SingleMerge(
      RecordMerger merger,
      BodyBudget budget,
      ReadBuffers buffers,
      Device device,
      int policy,
      Body body) {
    this.merger = merger;
    this.device = device;
    this.policy = policy;
    this.body = body;
    this.inlineLimit = device.store().inlineLimit();
    this.memory = new BodyMemory(budget, device, body.length(), buffers);
    this.gathered = memory.gathered();
  }

  static CompletableFuture<Response> receive(
      RecordMerger merger,
      BodyBudget budget,
      ReadBuffers buffers,
      Device device,
      int policy,
      Body body) {
    return new SingleMerge(merger, budget, buffers, device, policy, body)
        .receive()
        .thenApply(result -> PeerAnswers.of(MergeResult.encode(List.of(result))));
  }

  private CompletableFuture<MergeResult> receive() {
    long most = (long) FrameHead.BYTES + FrameHead.MAX_RECORD_BYTES + inlineLimit;
    long bytes = body.length() < 0 ? most : Math.min(body.length(), most);
    return memory
        .reserve(bytes)
        .thenCompose(ready -> BodyPump.run(body, this::accept))
        .thenCompose(all -> finish())
        .whenComplete((result, failure) -> memory.end(body, blob, failure))
        .exceptionally(SingleMerge::known);
  }

  private static MergeResult known(Throwable failure) {
    Throwable cause = Failures.cause(failure);
    if (cause instanceof Known known) {
      return known.result;
    }
    throw cause instanceof RuntimeException unchecked ? unchecked : new CompletionException(cause);
  }

  private CompletableFuture<@Nullable Void> accept(Chunk chunk) {
    received += chunk.size();
    FrameHead known = head;
    if (known != null && received > known.frameBytes()) {
      chunk.release();
      return CompletableFuture.failedFuture(malformed("there is more than one frame"));
    }
    BlobSink sink = blob;
    if (sink != null) {
      return sink.accept(chunk);
    }
    gathered.add(chunk);
    return welcome == null ? begin() : DONE;
  }

  private static Refused malformed(String why) {
    return new Refused(400, "The frame is not understood: " + why);
  }

  /// Looks at head and record as soon as they are there.
  private CompletableFuture<@Nullable Void> begin() {
    FrameHead known = head;
    if (known == null) {
      if (gathered.size() < FrameHead.BYTES) {
        return DONE;
      }
      known = readHead();
      head = known;
      if (received > known.frameBytes()) {
        return CompletableFuture.failedFuture(malformed("there is more than one frame"));
      }
    }
    if (gathered.size() < FrameHead.BYTES + known.recordBytes()) {
      return DONE;
    }
    FrameReader reader = new FrameReader(gathered.views());
    ByteBuffer record = reader.take(FrameHead.BYTES, known.recordBytes());
    return switch (merger.judge(device, policy, known, record)) {
      case Decided decided -> CompletableFuture.failedFuture(new Known(decided.result()));
      case Welcome taken -> {
        welcome = taken;
        yield device.lane().call(() -> check(taken)).thenCompose(checked -> toBlob(taken, reader));
      }
    };
  }

  private FrameHead readHead() {
    try {
      return FrameHead.read(new FrameReader(gathered.views()).take(0, FrameHead.BYTES));
    } catch (IllegalArgumentException e) {
      throw malformed(String.valueOf(e.getMessage()));
    }
  }

  /// Says no, or that there is nothing to do, before the body is taken.
  private @Nullable Void check(Welcome taken) throws StoreFault {
    Optional<MergeResult> covered = merger.covered(device, taken);
    if (covered.isPresent()) {
      throw new Known(covered.get());
    }
    Optional<MutationOutcome.Refusal> refusal =
        device.store().refusal(Math.max(0, taken.bodyBytes()));
    if (refusal.isPresent()) {
      throw new Known(new MergeResult(Outcome.TRY_LATER, null));
    }
    return null;
  }

  /// Opens the file for a body that needs one, with what has come of it.
  private CompletableFuture<@Nullable Void> toBlob(Welcome taken, FrameReader reader) {
    if (taken.bodyBytes() <= inlineLimit) {
      return DONE;
    }
    BlobSink sink = new BlobSink(device, bytes -> {});
    blob = sink;
    return sink.begin(reader.rest()).whenComplete((begun, failure) -> memory.free());
  }

  private CompletableFuture<MergeResult> finish() {
    FrameHead known = head;
    Welcome taken = welcome;
    if (known == null || taken == null || received != known.frameBytes()) {
      throw malformed("it is cut short");
    }
    BlobSink sink = blob;
    return sink != null
        ? sink.finish(writer -> commit(taken, writer))
        : device.lane().resumeAsync(() -> commit(taken));
  }

  private CompletableFuture<MergeResult> commit(Welcome taken, BlobWriter writer)
      throws StoreFault {
    return commit(taken, writer.finish());
  }

  private CompletableFuture<MergeResult> commit(Welcome taken) {
    if (taken.bodyBytes() == FrameHead.OMITTED) {
      return merger.merge(device, taken, Optional.empty());
    }
    FrameReader reader = new FrameReader(gathered.views());
    FrameReader.Frame frame = reader.next();
    return commit(taken, NewBody.inline(frame.body()));
  }

  private CompletableFuture<MergeResult> commit(Welcome taken, NewBody stored) {
    return RecordMerger.isBodyOf(taken, stored)
        ? merger.merge(device, taken, Optional.of(stored))
        : CompletableFuture.completedFuture(new MergeResult(Outcome.REFUSED, null));
  }
}
