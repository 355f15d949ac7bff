package org.martlet.replicator.run;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import org.martlet.common.model.Digest;
import org.martlet.common.model.ObjectHash;
import org.martlet.common.model.PartitionId;
import org.martlet.common.model.Timestamp;
import org.martlet.common.replication.ForgetItem;
import org.martlet.common.replication.FrameHead;
import org.martlet.common.replication.HashRange;
import org.martlet.common.replication.MergeResult;
import org.martlet.replicator.plan.ModelState;

/// What a node sees of a device over the network of a [SimWorld].
final class SimReplica implements ObjectReplica, RepairSource {
  private final SimWorld world;
  private final SimNode from;
  private final SimNode to;

  /// @param from whose calls these are, in its present life
  SimReplica(SimWorld world, SimNode from, SimNode to) {
    this.world = world;
    this.from = from;
    this.to = to;
  }

  private <T> T call(String what, SimWorld.Effect<T> effect) throws ReplicaFault {
    return world.call(from, to, what, effect);
  }

  @Override
  public SortedMap<PartitionId, Digest> roots(int partPower) throws ReplicaFault {
    return call("roots", () -> to.device.roots(partPower));
  }

  @Override
  public SortedMap<PartitionId, Digest> differing(
      int partPower, SortedMap<PartitionId, Digest> ours) throws ReplicaFault {
    return call("differing", () -> to.device.differing(partPower, ours));
  }

  @Override
  public LeafDigests leaves(int partPower, PartitionId partition, int bits) throws ReplicaFault {
    return call("leaves", () -> to.device.leaves(partPower, partition, bits));
  }

  @Override
  public void inTouch() throws ReplicaFault {
    call("in-touch", () -> ++to.device.inTouch);
  }

  @Override
  public Listed records(HashRange range, int limit) throws ReplicaFault {
    return call("records", () -> to.device.list(range, world.chance(0.2) ? 2 : limit));
  }

  @Override
  public Tombstones tombstones(HashRange range, Timestamp before, int limit) throws ReplicaFault {
    return call("tombstones", () -> to.device.tombstones(range, before));
  }

  @Override
  public List<RecordFrame> fetch(List<ObjectHash> hashes) throws ReplicaFault {
    return call(
        "fetch",
        () -> {
          List<RecordFrame> frames = new ArrayList<>();
          int most = world.chance(0.2) ? 2 : hashes.size();
          for (ObjectHash hash : hashes) {
            if (to.device.records().containsKey(hash) && frames.size() < most) {
              frames.add(frame(hash, false));
            }
          }
          return frames;
        });
  }

  private RecordFrame frame(ObjectHash hash, boolean whole) {
    SimDevice.Held held = to.device.records().get(hash);
    long size = held.state().data().size();
    boolean omitted = size > MAX_BATCHED_BODY && !whole;
    FrameHead head =
        new FrameHead(
            hash,
            held.sequence(),
            held.due(),
            Integer.BYTES,
            omitted ? FrameHead.OMITTED : size,
            0);
    int body = whole || omitted ? 0 : (int) size;
    ByteBuffer bytes = ByteBuffer.allocate(FrameHead.BYTES + Integer.BYTES + body);
    head.write(bytes);
    bytes.putInt(world.remember(held.state()));
    return new RecordFrame(head, bytes.rewind());
  }

  @Override
  public List<MergeResult> merge(List<RecordFrame> frames) throws ReplicaFault {
    return call("merge", () -> frames.stream().map(this::mergeHere).toList());
  }

  private MergeResult mergeHere(RecordFrame frame) {
    ModelState state = world.remembered(frame.bytes().getInt(FrameHead.BYTES));
    FrameHead head = frame.head();
    boolean bodySent = head.bodyBytes() != FrameHead.OMITTED;
    return to.device.merge(head.hash(), state, bodySent, head.listingDue());
  }

  @Override
  public Optional<Copied> copyFrom(ObjectReplica source, ObjectHash hash) throws ReplicaFault {
    SimReplica other = (SimReplica) source;
    Optional<RecordFrame> frame =
        other.call(
            "read",
            () ->
                other.to.device.records().containsKey(hash)
                    ? Optional.of(other.frame(hash, true))
                    : Optional.empty());
    if (frame.isEmpty()) {
      return Optional.empty();
    }
    MergeResult result = call("copy", () -> mergeHere(frame.get()));
    return Optional.of(new Copied(frame.get().head(), result));
  }

  @Override
  public List<ForgetItem.Outcome> forget(ObjectReplica.Reason reason, List<ForgetItem> items)
      throws ReplicaFault {
    return call(
        "forget-" + reason,
        () -> items.stream().map(item -> world.truth().forget(to, reason, item)).toList());
  }

  @Override
  public Repairs repairs(long after, int limit) throws ReplicaFault {
    return call("repairs", () -> to.device.repairs(after, limit));
  }
}
