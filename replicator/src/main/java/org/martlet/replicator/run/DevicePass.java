package org.martlet.replicator.run;

import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.martlet.common.model.Digest;
import org.martlet.common.model.PartitionId;
import org.martlet.common.replication.DigestTable;
import org.martlet.common.replication.HashRange;
import org.martlet.common.ring.Ring;
import org.martlet.common.ring.RingDevice;
import org.martlet.replicator.plan.Leaf;
import org.martlet.replicator.plan.PassPlan;
import org.martlet.replicator.plan.PassStep;
import org.martlet.replicator.run.ReplicationStatus.Phase;

/// One pass over what one local device holds of one space: gives away what belongs elsewhere, then
/// compares with every other primary, then reclaims.
///
/// - Threads: one runs it; its steps run on the crews'.
final class DevicePass {
  /// How old our root digests may get during a pass: changes since then look like differences.
  private static final long ROOTS_MILLIS_MAX = 2_000;

  private static final int FINEST_LEAF = 31;

  /// A handoff partition that waits for nothing but primaries that do not answer.
  ///
  /// @param root its digest when all others had it
  /// @param silent the primaries that it waits for
  record Stuck(Ring ring, Digest root, List<RingDevice> silent, SpaceExchange.Handover handover) {}

  /// Who is told how far a pass is.
  interface Report {
    /// Nobody.
    Report NONE = new Report() {};

    /// @param partitions that it has
    default void phase(Phase phase, int partitions) {}

    default void partitionsDone(int count) {}

    /// @param partitions of which something is here that belongs elsewhere
    default void handoffsFound(int partitions) {}

    default void gaveAway(SpaceExchange.Handover handover) {}

    /// All that was here and belongs elsewhere by a ring was tried.
    default void settled() {}

    default void reclaimed(SpaceExchange.Reclaimed reclaimed) {}
  }

  private final Pass pass;
  private final Report report;
  private final SpaceExchange exchange;
  private final Map<PartitionId, Stuck> stuck;
  private final Set<String> comparing;
  private final Crews crews;
  private final InstantSource clock;

  private final Map<PartitionId, Integer> cleanWith = new ConcurrentHashMap<>();
  private final Set<RingDevice> unreached = ConcurrentHashMap.newKeySet();
  private final Set<String> leftToOthers = ConcurrentHashMap.newKeySet();
  private @Nullable SortedMap<PartitionId, Digest> roots;
  private Instant rootsAt = Instant.EPOCH;

  /// @param stuck what earlier passes found that there is no use in trying again; kept up to date,
  ///     by several threads
  /// @param comparing labels of the devices with which a pass of the same worker compares now, by
  ///     several threads: what two push at once is sent twice
  DevicePass(
      Pass pass,
      Report report,
      SpaceExchange exchange,
      Map<PartitionId, Stuck> stuck,
      Set<String> comparing,
      Crews crews,
      InstantSource clock) {
    this.pass = pass;
    this.report = report;
    this.exchange = exchange;
    this.stuck = stuck;
    this.comparing = comparing;
    this.crews = crews;
    this.clock = clock;
  }

  /// Does the whole pass.
  ///
  /// @param reclaim whether to look for tombstones past their time
  /// @return whether every peer was reached
  boolean run(boolean reclaim) throws LocalFault {
    Set<PartitionId> held = new HashSet<>(roots().keySet());
    PassPlan plan = PassPlan.of(pass.ring(), pass.self(), held);
    stuck.keySet().retainAll(held);
    giveAway(plan, step -> true);
    SpaceExchange.Reclaim reclaimable = reclaim ? beginReclaim() : SpaceExchange.Reclaim.NOTHING;
    compare(plan, step -> true);
    if (reclaim) {
      report.phase(Phase.RECLAIMING, 0);
      report.reclaimed(reclaimable.finish(cleanAmong(held)));
    }
    boolean ended = pass.isCurrent().getAsBoolean();
    if (ended && pass.isInRing()) {
      LocalFault.in(
          () -> {
            exchange.local().inTouch();
            return true;
          });
    }
    return ended && unreached.isEmpty();
  }

  /// Does only what concerns some peers.
  ///
  /// @return labels of those that another pass was comparing with
  Set<String> runFor(Predicate<RingDevice> peers) throws LocalFault {
    PassPlan plan = PassPlan.of(pass.ring(), pass.self(), roots().keySet());
    giveAway(plan, step -> step.primaries().stream().anyMatch(peers));
    compare(plan, step -> peers.test(step.peer()));
    return Set.copyOf(leftToOthers);
  }

  private void giveAway(PassPlan plan, Predicate<PassStep.GiveAway> which) throws LocalFault {
    List<PassStep.GiveAway> all = steps(plan, PassStep.GiveAway.class);
    report.handoffsFound(all.size());
    List<PassStep.GiveAway> steps = all.stream().filter(which).toList();
    report.phase(Phase.HANDOFFS, steps.size());
    crews.handoffs().each(steps, this::giveAway);
    if (pass.isCurrent().getAsBoolean()) {
      report.settled();
    }
  }

  private void giveAway(PassStep.GiveAway step) throws LocalFault {
    if (pass.isCurrent().getAsBoolean()) {
      PartitionId partition = step.partition();
      Digest root = roots().getOrDefault(partition, Digest.ZERO);
      Stuck before = stuck.get(partition);
      SpaceExchange.Handover handover =
          before != null && isStillStuck(before, root)
              ? before.handover()
              : exchange.giveAway(pass, step);
      List<RingDevice> silent =
          step.primaries().stream().filter(primary -> !pass.mayAsk(primary)).toList();
      if (handover.waitsForSilentOnly() && !silent.isEmpty()) {
        stuck.put(partition, new Stuck(pass.ring(), root, silent, handover));
      } else {
        stuck.remove(partition);
      }
      unreached.addAll(silent);
      report.gaveAway(handover);
    }
    report.partitionsDone(1);
  }

  private boolean isStillStuck(Stuck before, Digest root) {
    return before.ring() == pass.ring()
        && before.root().equals(root)
        && before.silent().stream().noneMatch(pass::mayAsk);
  }

  private SpaceExchange.Reclaim beginReclaim() throws LocalFault {
    SpaceExchange.Reclaim reclaim = exchange.beginReclaim(pass);
    forgetRoots();
    return reclaim;
  }

  private void compare(PassPlan plan, Predicate<PassStep.Compare> which) throws LocalFault {
    List<PassStep.Compare> steps =
        steps(plan, PassStep.Compare.class).stream().filter(which).toList();
    int partitions = steps.stream().mapToInt(step -> step.shared().size()).sum();
    report.phase(Phase.COMPARING, partitions);
    crews.comparisons().each(steps, this::compare);
  }

  private static <T> List<T> steps(PassPlan plan, Class<T> kind) {
    return plan.steps().stream().filter(kind::isInstance).map(kind::cast).toList();
  }

  private void compare(PassStep.Compare step) throws LocalFault {
    RingDevice peer = step.peer();
    String label = PeerHealth.label(peer);
    if (!comparing.add(label)) {
      leftToOthers.add(label);
      unreached.add(peer);
      report.partitionsDone(step.shared().size());
      return;
    }
    try {
      compare(peer, step.shared());
    } finally {
      comparing.remove(label);
    }
  }

  /// Compares all, as far as the peer answers.
  private void compare(RingDevice peer, List<PartitionId> shared) throws LocalFault {
    int done = 0;
    try {
      while (done < shared.size() && pass.mayAsk(peer)) {
        int to = Math.min(shared.size(), done + DigestTable.MAX_ENTRIES);
        comparePage(peer, shared.subList(done, to));
        done = to;
      }
    } catch (ReplicaFault e) {
      pass.failed(peer, e);
    }
    if (done < shared.size()) {
      unreached.add(peer);
      report.partitionsDone(shared.size() - done);
    }
  }

  /// Compares as many partitions as one request takes.
  private void comparePage(RingDevice peer, List<PartitionId> shared)
      throws ReplicaFault, LocalFault {
    SortedMap<PartitionId, Digest> known = roots();
    SortedMap<PartitionId, Digest> ours = new TreeMap<>();
    shared.forEach(partition -> ours.put(partition, known.getOrDefault(partition, Digest.ZERO)));
    Collection<PartitionId> differing =
        exchange.peer(peer).differing(pass.ring().partPower(), ours).keySet();
    Set<PartitionId> dirty = new HashSet<>(differing);
    for (PartitionId partition : shared) {
      if (!pass.isCurrent().getAsBoolean()) {
        throw new ReplicaFault(ReplicaFault.Kind.STOPPED, "the ring has changed");
      }
      boolean clean =
          !dirty.contains(partition)
              || (!known.getOrDefault(partition, Digest.ZERO).equals(Digest.ZERO)
                  && descend(peer, partition));
      if (clean) {
        cleanWith.merge(partition, 1, Integer::sum);
      }
      report.partitionsDone(1);
    }
  }

  /// @return whether both have the same after all
  private boolean descend(RingDevice peer, PartitionId partition) throws ReplicaFault, LocalFault {
    LeafDigests ours = leaves(partition, FINEST_LEAF);
    LeafDigests theirs =
        exchange.peer(peer).leaves(pass.ring().partPower(), partition, ours.bits());
    if (!theirs.isPrimary()) {
      return ringsDiffer(peer);
    }
    if (theirs.bits() != ours.bits()) {
      ours = leaves(partition, theirs.bits());
    }
    if (theirs.bits() != ours.bits()) {
      throw new ReplicaFault(
          ReplicaFault.Kind.PROTOCOL,
          "leaves of " + theirs.bits() + " bits, where " + ours.bits() + " were asked for");
    }
    boolean clean = true;
    for (HashRange range : ranges(ours.digests().differing(theirs.digests()))) {
      clean &= compare(peer, range);
    }
    return clean;
  }

  private boolean compare(RingDevice peer, HashRange range) throws ReplicaFault, LocalFault {
    return switch (exchange.compare(pass, peer, range)) {
      case SAME -> true;
      case DIFFERED -> false;
      case RINGS_DIFFER -> ringsDiffer(peer);
    };
  }

  /// What the peer should have was not brought there: to this pass it is one that is away.
  private boolean ringsDiffer(RingDevice peer) {
    pass.progress().ringsDiffer(peer);
    unreached.add(peer);
    return false;
  }

  private LeafDigests leaves(PartitionId partition, int bits) throws LocalFault {
    return LocalFault.in(() -> exchange.local().leaves(pass.ring().partPower(), partition, bits));
  }

  /// Leaves in order as ranges, neighbours together.
  private static List<HashRange> ranges(List<Leaf> leaves) {
    List<HashRange> ranges = new ArrayList<>();
    Leaf before = null;
    for (Leaf leaf : leaves) {
      boolean next = before != null && leaf.prefix() == before.prefix() + 1;
      HashRange range = leaf.range();
      if (next) {
        range = new HashRange(ranges.removeLast().first(), range.last());
      }
      ranges.add(range);
      before = leaf;
    }
    return ranges;
  }

  /// Our root digests, not much older than now.
  private synchronized SortedMap<PartitionId, Digest> roots() throws LocalFault {
    Instant now = clock.instant();
    SortedMap<PartitionId, Digest> known = roots;
    boolean fresh = Math.abs(now.toEpochMilli() - rootsAt.toEpochMilli()) <= ROOTS_MILLIS_MAX;
    if (known == null || !fresh) {
      known = LocalFault.in(() -> exchange.local().roots(pass.ring().partPower()));
      roots = known;
      rootsAt = now;
    }
    return known;
  }

  private synchronized void forgetRoots() {
    roots = null;
  }

  /// The partitions that every other primary has as we have them.
  private Set<PartitionId> cleanAmong(Set<PartitionId> held) {
    Ring ring = pass.ring();
    Set<PartitionId> clean = new HashSet<>();
    for (PartitionId partition : held) {
      int others = ring.primaries(partition).size() - 1;
      if (ring.isPrimary(partition, pass.self())
          && cleanWith.getOrDefault(partition, 0) == others) {
        clean.add(partition);
      }
    }
    return clean;
  }
}
