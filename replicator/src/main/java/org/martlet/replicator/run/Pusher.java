package org.martlet.replicator.run;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.martlet.common.model.ObjectHash;
import org.martlet.common.replication.FrameHead;
import org.martlet.common.replication.MergeResult;
import org.martlet.replicator.plan.PushContent;
import org.martlet.replicator.plan.RecordDifference;

/// Brings records from the local device to another: small ones in batches, large ones alone.
final class Pusher {
  /// Small enough that a client's write which waits behind one does not notice it much.
  private static final long MAX_BATCH_BYTES = 1L << 20;

  private static final int MAX_BATCH = 128;

  /// What a record takes beside its body, by and large.
  private static final long RECORD_BYTES = 1024;

  /// What became of a record.
  ///
  /// @param sequence that it had here when it was sent
  record Pushed(long sequence, MergeResult result) {}

  private final ObjectReplica local;

  Pusher(ObjectReplica local) {
    this.local = local;
  }

  /// Pushes in the order given, large ones last.
  ///
  /// @param results filled as answers come, also before a fault; what is no longer here, or is
  ///     found damaged, gets none
  void push(
      Pass pass,
      ObjectReplica to,
      List<RecordDifference.Push> pushes,
      Map<ObjectHash, Pushed> results)
      throws ReplicaFault, LocalFault {
    List<ObjectHash> alone = new ArrayList<>();
    List<RecordDifference.Push> batch = new ArrayList<>();
    long bytes = 0;
    for (RecordDifference.Push push : pushes) {
      long size = push.ours().clocks().data().size();
      boolean large = size > ObjectReplica.MAX_BATCHED_BODY;
      if (large && push.content() == PushContent.STATE_AND_BODY) {
        alone.add(push.ours().hash());
        continue;
      }
      long cost = RECORD_BYTES + (large ? 0 : size);
      if (!batch.isEmpty() && (bytes + cost > MAX_BATCH_BYTES || batch.size() == MAX_BATCH)) {
        alone.addAll(pushBatch(pass, to, batch, results));
        batch.clear();
        bytes = 0;
      }
      batch.add(push);
      bytes += cost;
    }
    alone.addAll(pushBatch(pass, to, batch, results));
    for (ObjectHash hash : alone) {
      copy(pass, to, hash, results);
    }
  }

  /// @return those that turned out to need a body that was not sent
  private List<ObjectHash> pushBatch(
      Pass pass,
      ObjectReplica to,
      List<RecordDifference.Push> batch,
      Map<ObjectHash, Pushed> results)
      throws ReplicaFault, LocalFault {
    Set<ObjectHash> bare = new HashSet<>();
    List<ObjectHash> rest = new ArrayList<>();
    for (RecordDifference.Push push : batch) {
      rest.add(push.ours().hash());
      if (push.content() == PushContent.STATE) {
        bare.add(push.ours().hash());
      }
    }
    List<ObjectHash> bodiless = new ArrayList<>();
    while (!rest.isEmpty() && pass.isCurrent().getAsBoolean()) {
      List<ObjectHash> asked = List.copyOf(rest);
      List<RecordFrame> frames = LocalFault.in(() -> local.fetch(asked));
      if (frames.isEmpty()) {
        break;
      }
      rest = asked.subList(asked.indexOf(frames.getLast().head().hash()) + 1, asked.size());
      List<RecordFrame> sent =
          frames.stream()
              .map(frame -> bare.contains(frame.head().hash()) ? frame.withoutBody() : frame)
              .toList();
      bodiless.addAll(send(pass, to, sent, results));
    }
    return bodiless;
  }

  private static List<ObjectHash> send(
      Pass pass, ObjectReplica to, List<RecordFrame> frames, Map<ObjectHash, Pushed> results)
      throws ReplicaFault {
    List<MergeResult> answers = to.merge(frames);
    List<ObjectHash> bodiless = new ArrayList<>();
    boolean tryLater = false;
    long merged = 0;
    long bytes = 0;
    for (int i = 0; i < frames.size(); i++) {
      FrameHead head = frames.get(i).head();
      MergeResult answer = answers.get(i);
      results.put(head.hash(), new Pushed(head.sequence(), answer));
      bytes += head.frameBytes();
      switch (answer.outcome()) {
        case MERGED -> merged++;
        case BODY_NEEDED -> bodiless.add(head.hash());
        case TRY_LATER -> tryLater = true;
        case NOT_PRIMARY, REFUSED -> {}
      }
    }
    pass.progress().moved(merged, bytes);
    if (tryLater) {
      throw new ReplicaFault(ReplicaFault.Kind.UNAVAILABLE, "it is busy or full");
    }
    return bodiless;
  }

  private void copy(Pass pass, ObjectReplica to, ObjectHash hash, Map<ObjectHash, Pushed> results)
      throws ReplicaFault {
    if (!pass.isCurrent().getAsBoolean()) {
      return;
    }
    Optional<ObjectReplica.Copied> copied = to.copyFrom(local, hash);
    if (copied.isPresent()) {
      FrameHead head = copied.get().head();
      MergeResult result = copied.get().result();
      results.put(hash, new Pushed(head.sequence(), result));
      boolean merged = result.outcome() == MergeResult.Outcome.MERGED;
      pass.progress().moved(merged ? 1 : 0, head.frameBytes());
    }
  }
}
