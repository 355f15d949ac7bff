package org.martlet.replicator.run;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.martlet.common.model.DeviceId;
import org.martlet.common.model.ObjectHash;
import org.martlet.common.model.PartitionId;
import org.martlet.common.replication.ForgetItem;
import org.martlet.common.replication.HashList;
import org.martlet.common.replication.HashRange;
import org.martlet.common.replication.RecordEntry;
import org.martlet.common.ring.RingDevice;
import org.martlet.replicator.plan.HandoffCopy;
import org.martlet.replicator.plan.HandoffDecision;
import org.martlet.replicator.plan.HandoffRule;
import org.martlet.replicator.plan.Leaf;
import org.martlet.replicator.plan.LeafComparison;
import org.martlet.replicator.plan.PassStep;
import org.martlet.replicator.plan.PrimaryReport;
import org.martlet.replicator.plan.RecordDifference;
import org.martlet.replicator.plan.RecordPage;

/// How objects of one policy come from one local device to others: whole records are pushed to who
/// lacks them or has them older; what this device lacks, others push.
///
/// - Bound: a page of records for each step that runs, and a batch of bodies.
/// - Threads: any that may block.
public final class ObjectExchange implements SpaceExchange {
  /// How many records are compared at a time.
  static final int PAGE = 1_000;

  /// Up to so many copies a primary is asked for each alone, not for the range that they span.
  private static final int FEW = 4;

  private final ObjectReplica local;
  private final Function<RingDevice, ObjectReplica> peers;
  private final Pusher pusher;

  /// @param local the local device, asked like any other
  /// @param peers finds a device; sends nothing yet
  public ObjectExchange(ObjectReplica local, Function<RingDevice, ObjectReplica> peers) {
    this.local = local;
    this.peers = peers;
    this.pusher = new Pusher(local);
  }

  @Override
  public ObjectReplica local() {
    return local;
  }

  @Override
  public ObjectReplica peer(RingDevice device) {
    return peers.apply(device);
  }

  @Override
  public Comparison compare(Pass pass, RingDevice peer, HashRange range)
      throws ReplicaFault, LocalFault {
    ObjectReplica there = peer(peer);
    boolean same = true;
    Optional<HashRange> rest = Optional.of(range);
    while (rest.isPresent() && pass.isCurrent().getAsBoolean()) {
      HashRange from = rest.get();
      RecordPage ours = LocalFault.in(() -> local.records(from, PAGE)).page();
      ObjectReplica.Listed theirs = there.records(from, PAGE);
      if (!theirs.isPrimary()) {
        return Comparison.RINGS_DIFFER;
      }
      LeafComparison found = compare(ours, theirs.page(), pass);
      same &= found.isClean();
      Map<ObjectHash, Pusher.Pushed> results = new HashMap<>();
      pusher.push(pass, there, found.pushes(), results);
      rest = range.after(found.compared().last());
    }
    return same && rest.isEmpty() ? Comparison.SAME : Comparison.DIFFERED;
  }

  private static LeafComparison compare(RecordPage ours, RecordPage theirs, Pass pass)
      throws ReplicaFault {
    try {
      return LeafComparison.of(ours, theirs, pass.lapsedBefore());
    } catch (IllegalArgumentException e) {
      throw new ReplicaFault(ReplicaFault.Kind.PROTOCOL, "a listing cannot be compared", e);
    }
  }

  @Override
  public Handover giveAway(Pass pass, PassStep.GiveAway step) throws LocalFault {
    Handover total = Handover.NOTHING;
    HashRange range = Leaf.of(step.partition(), pass.ring().partPower()).range();
    Optional<HashRange> rest = Optional.of(range);
    while (rest.isPresent()) {
      if (!pass.isCurrent().getAsBoolean()) {
        return total.plus(new Handover(0, 1, 0, 0));
      }
      HashRange from = rest.get();
      RecordPage page = LocalFault.in(() -> local.records(from, PAGE)).page();
      total = total.plus(giveAway(pass, step.primaries(), page));
      rest = range.after(page.covered().last());
    }
    return total;
  }

  /// Gives away single records of the local device that belong elsewhere.
  ///
  /// @param hashes of one partition
  /// @return those that are done with: given away, or no longer here
  List<ObjectHash> giveAway(Pass pass, List<ObjectHash> hashes) throws LocalFault {
    List<RecordEntry> copies = new ArrayList<>();
    for (ObjectHash hash : new TreeSet<>(hashes)) {
      HashRange one = new HashRange(hash, hash);
      copies.addAll(LocalFault.in(() -> local.records(one, 1)).page().entries());
    }
    List<ObjectHash> done = new ArrayList<>(hashes);
    for (int from = 0; from < copies.size(); from += PAGE) {
      List<RecordEntry> some = copies.subList(from, Math.min(copies.size(), from + PAGE));
      HandoffRound round = new HandoffRound(pass, primariesOf(pass, some), some);
      round.run();
      done.removeAll(round.staying());
    }
    return done;
  }

  private static List<RingDevice> primariesOf(Pass pass, List<RecordEntry> some) {
    return pass.ring().primaries(pass.ring().partition(some.getFirst().hash()));
  }

  private Handover giveAway(Pass pass, List<RingDevice> primaries, RecordPage page)
      throws LocalFault {
    if (page.entries().isEmpty()) {
      return Handover.NOTHING;
    }
    return new HandoffRound(pass, primaries, page.entries()).run();
  }

  @Override
  public Reclaim beginReclaim(Pass pass) throws LocalFault {
    return TombstoneReclaim.begin(local, pass);
  }

  /// Pushes single records of the local device, a primary of theirs, to the other primaries.
  ///
  /// @return whether all other primaries have it now, or newer
  boolean bringToOthers(Pass pass, ObjectHash hash) throws LocalFault {
    boolean all = true;
    HashRange one = new HashRange(hash, hash);
    PartitionId partition = pass.ring().partition(hash);
    for (RingDevice primary : pass.ring().primaries(partition)) {
      if (primary.id().equals(pass.self())) {
        continue;
      }
      all &= pass.mayAsk(primary) && bring(pass, primary, one);
    }
    return all;
  }

  private boolean bring(Pass pass, RingDevice primary, HashRange one) throws LocalFault {
    try {
      return switch (compare(pass, primary, one)) {
        case SAME, DIFFERED -> true;
        case RINGS_DIFFER -> {
          pass.progress().ringsDiffer(primary);
          yield false;
        }
      };
    } catch (ReplicaFault e) {
      pass.failed(primary, e);
      return false;
    }
  }

  /// One page of handoff copies: asks all primaries, pushes, and forgets what all of them have.
  private final class HandoffRound {
    private final Pass pass;
    private final List<RingDevice> primaries;
    private final List<RecordEntry> copies;
    private final HandoffRule rule;
    private final Map<DeviceId, Map<ObjectHash, PrimaryReport>> reports = new HashMap<>();

    /// The sequences that copies turned out to have.
    private final Map<ObjectHash, Long> sequences = new HashMap<>();

    private final Set<ObjectHash> staying = new HashSet<>();

    HandoffRound(Pass pass, List<RingDevice> primaries, List<RecordEntry> copies) {
      this.pass = pass;
      this.primaries = primaries;
      this.copies = copies;
      this.rule =
          new HandoffRule(pass.ring(), pass.self(), pass.ages().heldBefore(), pass.movedByRing());
      copies.forEach(copy -> sequences.put(copy.hash(), copy.sequence()));
    }

    Handover run() throws LocalFault {
      for (RingDevice primary : primaries) {
        reports.put(primary.id(), ask(primary));
      }
      push();
      List<ForgetItem> drops = new ArrayList<>();
      long held = 0;
      long silent = 0;
      for (RecordEntry copy : copies) {
        switch (decide(copy)) {
          case HandoffDecision.Drop drop -> drops.add(new ForgetItem(drop.hash(), drop.sequence()));
          case HandoffDecision.Hold hold -> held++;
          case HandoffDecision.Push push -> staying.add(copy.hash());
          case HandoffDecision.Wait wait -> {
            staying.add(copy.hash());
            silent += isForSilentOnly(wait) ? 1 : 0;
          }
          case HandoffDecision.ListAgain again -> staying.add(copy.hash());
          case HandoffDecision.BelongsHere here -> {}
        }
      }
      if (pass.isCurrent().getAsBoolean()) {
        forget(local, ObjectReplica.Reason.DROPPED, drops, staying);
      } else {
        drops.forEach(drop -> staying.add(drop.hash()));
      }
      return new Handover(copies.size() - staying.size() - held, staying.size(), silent, held);
    }

    private boolean isForSilentOnly(HandoffDecision.Wait wait) {
      return wait.reasons().stream()
          .allMatch(
              reason ->
                  reason instanceof HandoffDecision.Reason.NoReport silent
                      && isSilent(silent.primary()));
    }

    private boolean isSilent(DeviceId primary) {
      return primaries.stream().anyMatch(p -> p.id().equals(primary) && !pass.mayAsk(p));
    }

    /// Those that were kept to be tried again.
    Set<ObjectHash> staying() {
      return staying;
    }

    private HandoffDecision decide(RecordEntry copy) {
      Map<DeviceId, PrimaryReport> latest = new HashMap<>();
      reports.forEach(
          (primary, byHash) -> {
            PrimaryReport report = byHash.get(copy.hash());
            if (report != null) {
              latest.put(primary, report);
            }
          });
      OptionalLong now = OptionalLong.of(sequences.getOrDefault(copy.hash(), -1L));
      return rule.decide(new HandoffCopy(copy, now, false), latest);
    }

    /// What a primary has of the copies; nothing where it does not answer.
    private Map<ObjectHash, PrimaryReport> ask(RingDevice primary) {
      Map<ObjectHash, PrimaryReport> answers = new HashMap<>();
      if (!pass.mayAsk(primary)) {
        return answers;
      }
      try {
        if (copies.size() <= FEW) {
          for (RecordEntry copy : copies) {
            HashRange one = new HashRange(copy.hash(), copy.hash());
            ask(primary, one, List.of(copy), answers);
          }
        } else {
          HashRange span = new HashRange(copies.getFirst().hash(), copies.getLast().hash());
          ask(primary, span, copies, answers);
        }
      } catch (ReplicaFault e) {
        pass.failed(primary, e);
      }
      return answers;
    }

    private void ask(
        RingDevice primary,
        HashRange span,
        List<RecordEntry> some,
        Map<ObjectHash, PrimaryReport> answers)
        throws ReplicaFault {
      Optional<HashRange> rest = Optional.of(span);
      while (rest.isPresent()) {
        HashRange from = rest.get();
        ObjectReplica.Listed theirs = peer(primary).records(from, PAGE);
        if (!theirs.isPrimary()) {
          pass.progress().ringsDiffer(primary);
          some.forEach(c -> answers.put(c.hash(), new PrimaryReport.NotPrimary()));
          return;
        }
        RecordPage left =
            new RecordPage(from, some.stream().filter(c -> from.contains(c.hash())).toList());
        try {
          answers.putAll(PrimaryReport.ofListing(left, theirs.page()));
        } catch (IllegalArgumentException e) {
          throw new ReplicaFault(ReplicaFault.Kind.PROTOCOL, "not the listing asked for", e);
        }
        rest = from.after(theirs.page().covered().last());
      }
    }

    private void push() throws LocalFault {
      Map<DeviceId, List<RecordDifference.Push>> byPrimary = new HashMap<>();
      for (RecordEntry copy : copies) {
        if (decide(copy) instanceof HandoffDecision.Push push) {
          push.to()
              .forEach(
                  (primary, content) ->
                      byPrimary
                          .computeIfAbsent(primary, id -> new ArrayList<>())
                          .add(new RecordDifference.Push(copy, content)));
        }
      }
      for (RingDevice primary : primaries) {
        List<RecordDifference.Push> pushes = byPrimary.getOrDefault(primary.id(), List.of());
        if (!pushes.isEmpty() && pass.mayAsk(primary)) {
          push(primary, pushes);
        }
      }
    }

    private void push(RingDevice primary, List<RecordDifference.Push> pushes) throws LocalFault {
      Map<ObjectHash, Pusher.Pushed> results = new HashMap<>();
      try {
        pusher.push(pass, peer(primary), pushes, results);
      } catch (ReplicaFault e) {
        pass.failed(primary, e);
      }
      Map<ObjectHash, PrimaryReport> answers = reports.getOrDefault(primary.id(), new HashMap<>());
      results.forEach((hash, pushed) -> take(primary, hash, pushed, answers));
    }

    private void take(
        RingDevice primary,
        ObjectHash hash,
        Pusher.Pushed pushed,
        Map<ObjectHash, PrimaryReport> answers) {
      sequences.put(hash, pushed.sequence());
      switch (pushed.result().outcome()) {
        case MERGED -> {
          if (pushed.result().now() != null) {
            answers.put(hash, new PrimaryReport.Merged(pushed.sequence(), pushed.result().now()));
          }
        }
        case NOT_PRIMARY -> {
          pass.progress().ringsDiffer(primary);
          answers.put(hash, new PrimaryReport.NotPrimary());
        }
        case BODY_NEEDED, TRY_LATER, REFUSED -> {}
      }
    }
  }

  /// Asks the local device to forget.
  ///
  /// @param staying takes those that stay
  private static void forget(
      ObjectReplica local,
      ObjectReplica.Reason reason,
      List<ForgetItem> items,
      Set<ObjectHash> staying)
      throws LocalFault {
    for (int from = 0; from < items.size(); from += HashList.MAX_ENTRIES) {
      List<ForgetItem> some =
          items.subList(from, Math.min(items.size(), from + HashList.MAX_ENTRIES));
      List<ForgetItem.Outcome> outcomes = LocalFault.in(() -> local.forget(reason, some));
      for (int i = 0; i < some.size(); i++) {
        switch (outcomes.get(i)) {
          case FORGOTTEN, GONE -> {}
          case CHANGED, LISTING_DUE, TRY_LATER -> staying.add(some.get(i).hash());
        }
      }
    }
  }

  /// The tombstones that were past the reclaim age before comparisons began.
  private record TombstoneReclaim(ObjectReplica local, Pass pass, List<RecordEntry> lapsed)
      implements Reclaim {
    /// How many are noted at most; the others wait for the next time.
    private static final int MOST = 100_000;

    static TombstoneReclaim begin(ObjectReplica local, Pass pass) throws LocalFault {
      List<RecordEntry> lapsed = new ArrayList<>();
      Optional<HashRange> rest = Optional.of(new Leaf(0, 0).range());
      while (rest.isPresent() && lapsed.size() < MOST && pass.isCurrent().getAsBoolean()) {
        HashRange from = rest.get();
        ObjectReplica.Tombstones found =
            LocalFault.in(() -> local.tombstones(from, pass.lapsedBefore(), PAGE));
        lapsed.addAll(found.entries());
        rest = found.rest();
      }
      return new TombstoneReclaim(local, pass, lapsed);
    }

    @Override
    public Reclaimed finish(Set<PartitionId> clean) throws LocalFault {
      List<ForgetItem> purge = new ArrayList<>();
      for (RecordEntry tombstone : lapsed) {
        if (clean.contains(pass.ring().partition(tombstone.hash()))) {
          purge.add(new ForgetItem(tombstone.hash(), tombstone.sequence()));
        }
      }
      Set<ObjectHash> staying = new HashSet<>();
      if (!pass.isCurrent().getAsBoolean()) {
        return new Reclaimed(0, lapsed.size());
      }
      forget(local, ObjectReplica.Reason.PURGED, purge, staying);
      long forgotten = purge.size() - (long) staying.size();
      return new Reclaimed(forgotten, lapsed.size() - forgotten);
    }
  }
}
