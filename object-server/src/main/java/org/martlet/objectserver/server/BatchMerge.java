package org.martlet.objectserver.server;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.martlet.common.http.Body;
import org.martlet.common.http.Chunk;
import org.martlet.common.http.Refused;
import org.martlet.common.http.Response;
import org.martlet.common.replication.FrameHead;
import org.martlet.common.replication.HashList;
import org.martlet.common.replication.MergeResult;
import org.martlet.common.replication.MergeResult.Outcome;
import org.martlet.objectserver.server.RecordMerger.Decided;
import org.martlet.objectserver.server.RecordMerger.Welcome;
import org.martlet.objectserver.store.BlobWriter;
import org.martlet.objectserver.store.NewBody;
import org.martlet.objectserver.store.StoreFault;

/// `POST /<device>/replication/merge`: many records with small bodies, gathered in memory under the
/// budget for bodies, all queued before any is waited for, so that they share group commits.
///
/// Where the bytes are no frames nothing is merged (400); what is wrong with one record concerns
/// that one only.
final class BatchMerge {
  static final int MAX_BYTES = 16 << 20;

  private final RecordMerger merger;
  private final BodyBudget budget;
  private final ReadBuffers buffers;

  BatchMerge(RecordMerger merger, BodyBudget budget, ReadBuffers buffers) {
    this.merger = merger;
    this.budget = budget;
    this.buffers = buffers;
  }

  CompletableFuture<Response> merge(Device device, int policy, Body body) {
    if (body.length() > MAX_BYTES) {
      body.close();
      throw tooLarge();
    }
    long bytes = body.length() < 0 ? MAX_BYTES : body.length();
    GatheredBody gathered = new GatheredBody(body.length(), buffers);
    return budget
        .take(device, bytes)
        .thenCompose(
            taken ->
                BodyPump.run(body, chunk -> gather(gathered, bytes, chunk))
                    .thenCompose(
                        whole -> device.lane().callAsync(() -> merge(device, policy, gathered)))
                    .whenComplete(
                        (done, failure) -> {
                          gathered.release();
                          budget.release(device, bytes);
                        }))
        .whenComplete(
            (done, failure) -> {
              if (failure != null) {
                body.close();
              }
            });
  }

  private static Refused tooLarge() {
    return new Refused(413, "Frames are more than " + MAX_BYTES + " bytes together");
  }

  private static CompletableFuture<@Nullable Void> gather(
      GatheredBody gathered, long limit, Chunk chunk) {
    if (gathered.size() + chunk.size() > limit) {
      chunk.release();
      return CompletableFuture.failedFuture(tooLarge());
    }
    gathered.add(chunk);
    return CompletableFuture.completedFuture(null);
  }

  private CompletableFuture<Response> merge(Device device, int policy, GatheredBody gathered) {
    List<CompletableFuture<MergeResult>> results = new ArrayList<>();
    for (FrameReader.Frame frame : frames(gathered.views())) {
      results.add(merge(device, policy, frame));
    }
    return CompletableFuture.allOf(results.toArray(CompletableFuture[]::new))
        .thenApply(
            all ->
                PeerAnswers.of(
                    MergeResult.encode(results.stream().map(CompletableFuture::join).toList())));
  }

  private static List<FrameReader.Frame> frames(List<ByteBuffer> pieces) {
    List<FrameReader.Frame> frames = new ArrayList<>();
    FrameReader reader = new FrameReader(pieces);
    try {
      while (reader.hasNext()) {
        if (frames.size() == HashList.MAX_ENTRIES) {
          throw new Refused(413, "More than " + HashList.MAX_ENTRIES + " frames");
        }
        frames.add(reader.next());
      }
    } catch (IllegalArgumentException e) {
      throw new Refused(400, "The frames are not understood: " + e.getMessage());
    }
    return frames;
  }

  private CompletableFuture<MergeResult> merge(Device device, int policy, FrameReader.Frame frame) {
    return switch (merger.judge(device, policy, frame.head(), frame.record())) {
      case Decided decided -> CompletableFuture.completedFuture(decided.result());
      case Welcome welcome -> {
        try {
          yield merge(device, welcome, frame.body());
        } catch (StoreFault e) {
          yield CompletableFuture.completedFuture(new MergeResult(Outcome.TRY_LATER, null));
        } catch (RuntimeException e) {
          // Others that are queued use the memory: it is freed once all are done.
          yield CompletableFuture.failedFuture(e);
        }
      }
    };
  }

  private CompletableFuture<MergeResult> merge(
      Device device, Welcome welcome, List<ByteBuffer> body) throws StoreFault {
    if (welcome.bodyBytes() == FrameHead.OMITTED) {
      return merger.merge(device, welcome, Optional.empty());
    }
    if (welcome.bodyBytes() <= device.store().inlineLimit()) {
      NewBody inline = NewBody.inline(body);
      return RecordMerger.isBodyOf(welcome, inline)
          ? merger.merge(device, welcome, Optional.of(inline))
          : refused();
    }
    Optional<MergeResult> covered = merger.covered(device, welcome);
    return covered.isPresent()
        ? CompletableFuture.completedFuture(covered.get())
        : mergeBlob(device, welcome, body);
  }

  private CompletableFuture<MergeResult> mergeBlob(
      Device device, Welcome welcome, List<ByteBuffer> body) throws StoreFault {
    try (BlobWriter writer = device.store().newBlob()) {
      for (ByteBuffer piece : body) {
        writer.write(piece.duplicate());
      }
      NewBody blob = writer.finish();
      return RecordMerger.isBodyOf(welcome, blob)
          ? merger.merge(device, welcome, Optional.of(blob))
          : refused();
    }
  }

  private static CompletableFuture<MergeResult> refused() {
    return CompletableFuture.completedFuture(new MergeResult(Outcome.REFUSED, null));
  }
}
