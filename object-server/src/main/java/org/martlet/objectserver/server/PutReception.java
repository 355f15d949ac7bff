package org.martlet.objectserver.server;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.martlet.common.http.Body;
import org.martlet.common.http.Chunk;
import org.martlet.common.http.Refused;
import org.martlet.common.runtime.Invariant;
import org.martlet.objectserver.state.Etag;
import org.martlet.objectserver.state.ObjectRecord;
import org.martlet.objectserver.store.BlobWriter;
import org.martlet.objectserver.store.DueTargets;
import org.martlet.objectserver.store.IndexedObject;
import org.martlet.objectserver.store.Mutation;
import org.martlet.objectserver.store.MutationOutcome;
import org.martlet.objectserver.store.NewBody;
import org.martlet.objectserver.store.StoreFault;

/// The reception of one PUT's body and its way into the store.
///
/// Small bodies are gathered in memory under the budget, others are written to a file as they
/// come; one of unknown length begins in memory and moves to a file when it outgrows it. Whatever
/// ends the reception early leaves nothing stored and nothing held.
///
/// - Threads: one step at a time: the body's event loop, then the device's threads.
final class PutReception {
  private static final CompletableFuture<@Nullable Void> DONE =
      CompletableFuture.completedFuture(null);

  private final PutRequest request;
  private final DueTargets due;
  private final Device device;
  private final Body body;
  private final int inlineLimit;
  private final @Nullable MessageDigest md5;
  private final BodyMemory memory;
  private final GatheredBody gathered;
  private boolean small;
  private boolean checkedBefore;
  private @Nullable BlobSink blob;

  PutReception(PutRequest request, DueTargets due, BodyBudget budget, ReadBuffers buffers) {
    this.request = request;
    this.due = due;
    this.device = request.call().device();
    this.body = request.call().server().request().body();
    this.inlineLimit = device.store().inlineLimit();
    this.md5 = request.way() == PutRequest.Way.PLAIN ? md5() : null;
    this.memory = new BodyMemory(budget, device, body.length(), buffers);
    this.gathered = memory.gathered();
  }

  /// Completes with the committer's outcome, or fails with what is to be answered.
  CompletableFuture<MutationOutcome> receive() {
    small = request.expectedBytes() >= 0 && request.expectedBytes() <= inlineLimit;
    checkedBefore = !small || request.call().server().expectsContinue();
    CompletableFuture<?> admitted = checkedBefore ? device.lane().call(this::checkBefore) : DONE;
    return admitted
        .thenCompose(checked -> reserve())
        .thenCompose(ready -> BodyPump.run(body, this::accept))
        .thenCompose(received -> store())
        .whenComplete((outcome, failure) -> memory.end(body, blob, failure));
  }

  /// Says no before a byte of the body is taken.
  private boolean checkBefore() throws StoreFault {
    Optional<MutationOutcome.Refusal> refusal =
        device.store().refusal(Math.max(1, request.expectedBytes()));
    if (refusal.isPresent()) {
      throw Answers.of(refusal.get());
    }
    Refused objection;
    if (request.isConditional()) {
      objection = request.objection(request.call().stored());
    } else {
      Optional<IndexedObject> indexed = device.store().lookup(request.call().key());
      boolean outdated =
          indexed.isPresent() && !request.timestamp().isAfter(indexed.get().clocks().data());
      objection = outdated ? Answers.conflict(indexed.get().clocks().data()) : null;
    }
    if (objection != null) {
      throw objection;
    }
    return true;
  }

  /// Takes memory for a body that is, or may turn out to be, small.
  private CompletableFuture<@Nullable Void> reserve() {
    if (!small && request.expectedBytes() >= 0) {
      BlobSink sink = new BlobSink(device, this::observe);
      blob = sink;
      return sink.begin(List.of());
    }
    long bytes = body.length() >= 0 ? body.length() : inlineLimit;
    return memory.reserve(bytes);
  }

  @SuppressWarnings("FutureReturnValueIgnored") // the next accept, or finish, sees the failure
  private CompletableFuture<@Nullable Void> accept(Chunk chunk) {
    BlobSink sink = blob;
    if (sink != null) {
      return sink.accept(chunk);
    }
    if (gathered.size() + chunk.size() <= inlineLimit) {
      gathered.add(chunk);
      return DONE;
    }
    BlobSink opened = new BlobSink(device, this::observe);
    blob = opened;
    CompletableFuture<@Nullable Void> begun =
        opened.begin(gathered.views()).whenComplete((done, failure) -> memory.free());
    opened.accept(chunk);
    return begun;
  }

  private void observe(ByteBuffer bytes) {
    if (md5 != null) {
      md5.update(bytes);
    }
  }

  private CompletableFuture<MutationOutcome> store() {
    BlobSink sink = blob;
    if (sink != null) {
      return sink.finish(this::commit);
    }
    return checkedBefore
        ? device.lane().resumeAsync(this::commitGathered)
        : device.lane().callAsync(this::commitGathered);
  }

  private CompletableFuture<MutationOutcome> commit(BlobWriter writer) throws StoreFault {
    return submit(writer.finish());
  }

  private CompletableFuture<MutationOutcome> commitGathered() {
    Invariant.check(
        gathered.size() <= memory.reserved(), "a body took more memory than it asked for");
    List<ByteBuffer> views = gathered.views();
    views.forEach(view -> observe(view.duplicate()));
    return submit(NewBody.inline(views));
  }

  private CompletableFuture<MutationOutcome> submit(NewBody stored) {
    Etag computed = md5 == null ? null : Etag.of(md5.digest());
    ObjectRecord record = request.record(stored.size(), stored.crc32c(), computed, body.trailers());
    return device.store().submit(new Mutation.Put(record, stored, request.precondition(), due));
  }

  private static MessageDigest md5() {
    try {
      return MessageDigest.getInstance("MD5");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has MD5", e);
    }
  }
}
