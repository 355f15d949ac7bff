package org.martlet.replicator.listing;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.martlet.common.model.Digest;
import org.martlet.common.model.ObjectHash;
import org.martlet.common.model.PartitionId;
import org.martlet.common.replication.HashRange;
import org.martlet.common.replication.ListingEntry;
import org.martlet.common.replication.ListingPart;
import org.martlet.common.ring.RingDevice;
import org.martlet.replicator.plan.Leaf;
import org.martlet.replicator.plan.PassStep;
import org.martlet.replicator.run.LocalFault;
import org.martlet.replicator.run.Pass;
import org.martlet.replicator.run.ReplicaFault;
import org.martlet.replicator.run.SpaceExchange;

/// How listings of one kind on one local device and on others come to the same: what either side
/// lacks is brought to it, in both directions at once, because rows and states are joins.
///
/// An exchange that ran to its end counts as a comparison that found no difference: everything that
/// this device had when it began, deletions too, the other has by then. So what was deleted can be
/// reclaimed also in a container that never rests.
///
/// - Bound: a page of row digests of each side, and one part of a listing, for each step that runs.
/// - Threads: any that may block.
public final class ListingExchange implements SpaceExchange {
  /// How many listings are compared at a time.
  static final int PAGE = 1_000;

  private final ListingReplica local;
  private final Function<RingDevice, ListingReplica> peers;

  /// @param local the local device, asked like any other
  /// @param peers finds a device; sends nothing yet
  public ListingExchange(ListingReplica local, Function<RingDevice, ListingReplica> peers) {
    this.local = local;
    this.peers = peers;
  }

  @Override
  public ListingReplica local() {
    return local;
  }

  @Override
  public ListingReplica peer(RingDevice device) {
    return peers.apply(device);
  }

  @Override
  public Comparison compare(Pass pass, RingDevice peer, HashRange range)
      throws ReplicaFault, LocalFault {
    ListingReplica there = peer(peer);
    Optional<HashRange> rest = Optional.of(range);
    boolean same = true;
    while (rest.isPresent()) {
      if (!pass.isCurrent().getAsBoolean()) {
        return Comparison.DIFFERED;
      }
      HashRange from = rest.get();
      ListingReplica.Listed ours = LocalFault.in(() -> local.listings(from, PAGE));
      ListingReplica.Listed theirs = there.listings(from, PAGE);
      if (!theirs.isPrimary()) {
        return Comparison.RINGS_DIFFER;
      }
      ListingDifferences found = ListingDifferences.of(ours, theirs, from);
      for (ObjectHash listing : found.differing()) {
        RowExchange exchange = new RowExchange(pass, local, there, listing);
        switch (exchange.inBothDirections()) {
          case SAME -> {}
          case NOT_YET -> same = false;
          case NOT_PRIMARY -> {
            return Comparison.RINGS_DIFFER;
          }
        }
      }
      rest = found.rest();
    }
    return same ? Comparison.SAME : Comparison.DIFFERED;
  }

  @Override
  public Handover giveAway(Pass pass, PassStep.GiveAway step) throws LocalFault {
    Handover total = Handover.NOTHING;
    Optional<HashRange> rest =
        Optional.of(Leaf.of(step.partition(), pass.ring().partPower()).range());
    while (rest.isPresent()) {
      HashRange from = rest.get();
      ListingReplica.Listed page = LocalFault.in(() -> local.listings(from, PAGE));
      for (ListingEntry listing : page.entries()) {
        if (!pass.isCurrent().getAsBoolean()) {
          return total.plus(new Handover(0, 1, 0));
        }
        total = total.plus(giveAway(pass, step.primaries(), listing.hash()));
      }
      rest = page.next().map(next -> new HashRange(next, from.last()));
    }
    return total;
  }

  private Handover giveAway(Pass pass, List<RingDevice> primaries, ObjectHash listing)
      throws LocalFault {
    Optional<ListingReplica.Summary> ours = LocalFault.in(() -> local.summary(listing));
    if (ours.isEmpty()) {
      return new Handover(1, 0, 0);
    }
    boolean all = true;
    boolean allThatAnswer = true;
    for (RingDevice primary : primaries) {
      boolean has = pass.mayAsk(primary) && bring(pass, primary, listing);
      all &= has;
      allThatAnswer &= has || !pass.mayAsk(primary);
    }
    Digest given = ours.get().digests().all();
    if (all && LocalFault.in(() -> local.drop(listing, given))) {
      return new Handover(1, 0, 0);
    }
    return new Handover(0, 1, !all && allThatAnswer ? 1 : 0, 0);
  }

  /// @return whether the primary has all of it
  private boolean bring(Pass pass, RingDevice primary, ObjectHash listing) throws LocalFault {
    ListingReplica there = peer(primary);
    try {
      RowExchange exchange = new RowExchange(pass, local, there, listing);
      return switch (exchange.thereOnly()) {
        case SAME -> hadItReported(there, listing);
        case NOT_YET -> false;
        case NOT_PRIMARY -> {
          pass.progress().ringsDiffer(primary);
          yield false;
        }
      };
    } catch (ReplicaFault e) {
      pass.failed(primary, e);
      return false;
    }
  }

  /// Lets a primary report the container: its account may have heard from this device, which had
  /// less of it, last.
  private boolean hadItReported(ListingReplica there, ObjectHash listing)
      throws ReplicaFault, LocalFault {
    if (there.summary(listing).isEmpty()) {
      // Deleted here so long ago that it need not be brought there.
      return true;
    }
    Optional<ListingPart> state = LocalFault.in(() -> local.fetch(listing, List.of()));
    return state.isEmpty() || there.merge(listing, state.get(), true);
  }

  @Override
  public Reclaim beginReclaim(Pass pass) {
    return clean -> reclaim(pass, clean);
  }

  private Reclaimed reclaim(Pass pass, Set<PartitionId> clean) throws LocalFault {
    long forgotten = 0;
    for (HashRange range : ranges(clean, pass.ring().partPower())) {
      Optional<ListingReplica.ReclaimFrom> from =
          Optional.of(new ListingReplica.ReclaimFrom(range, ""));
      while (from.isPresent() && pass.isCurrent().getAsBoolean()) {
        ListingReplica.ReclaimFrom next = from.get();
        ListingReplica.ReclaimStep step =
            LocalFault.in(() -> local.reclaim(next, pass.lapsedBefore()));
        forgotten += step.rows() + step.listings();
        from = step.next();
      }
    }
    return new Reclaimed(forgotten, 0);
  }

  /// Partitions as ranges of hashes, neighbours together.
  private static List<HashRange> ranges(Set<PartitionId> partitions, int partPower) {
    List<HashRange> ranges = new ArrayList<>();
    int before = -2;
    for (PartitionId partition : new TreeSet<>(partitions)) {
      HashRange range = Leaf.of(partition, partPower).range();
      if (partition.value() == before + 1) {
        range = new HashRange(ranges.removeLast().first(), range.last());
      }
      ranges.add(range);
      before = partition.value();
    }
    return ranges;
  }
}
