package org.martlet.replicator.listing;

import java.util.BitSet;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.martlet.common.model.Digest;
import org.martlet.common.model.ObjectHash;
import org.martlet.common.model.Timestamp;
import org.martlet.common.replication.ListingPart;
import org.martlet.common.replication.ListingSummary;
import org.martlet.common.replication.RowDigest;
import org.martlet.common.replication.RowNames;
import org.martlet.replicator.listing.ListingReplica.Summary;
import org.martlet.replicator.run.LocalFault;
import org.martlet.replicator.run.Pass;
import org.martlet.replicator.run.ReplicaFault;

/// One listing on the local device and on another: compares its parts, then the rows of those that
/// differ, and brings over what is missing.
///
/// - Interruption at any point leaves both sides with more than before and nothing wrong.
/// - Threads: one.
final class RowExchange {
  /// Rows of one page, on each side.
  static final int PAGE = 2_000;

  private static final RowDigest.Page NONE = new RowDigest.Page(List.of(), "");
  private static final List<Digest> EMPTY = Collections.nCopies(ListingSummary.LEAVES, Digest.ZERO);

  private final Pass pass;
  private final ListingReplica local;
  private final ListingReplica peer;
  private final ObjectHash listing;
  private boolean stateSent;
  private boolean stateGot;
  private boolean notPrimary;

  RowExchange(Pass pass, ListingReplica local, ListingReplica peer, ObjectHash listing) {
    this.pass = pass;
    this.local = local;
    this.peer = peer;
    this.listing = listing;
  }

  /// How an exchange ended.
  enum Outcome {
    /// Who had to get something has it now, durably.
    SAME,
    /// It was ended early.
    NOT_YET,
    /// Who had to get something is no primary by its own ring.
    NOT_PRIMARY
  }

  /// Brings each side what it lacks.
  Outcome inBothDirections() throws ReplicaFault, LocalFault {
    return run(true);
  }

  /// Brings the other side what it lacks.
  Outcome thereOnly() throws ReplicaFault, LocalFault {
    return run(false);
  }

  private Outcome run(boolean both) throws ReplicaFault, LocalFault {
    Optional<Summary> ours = LocalFault.in(() -> local.summary(listing));
    Optional<Summary> theirs = peer.summary(listing);
    BitSet leaves = differing(leaves(ours), leaves(theirs));
    String after = "";
    boolean more = !leaves.isEmpty();
    while (more && !notPrimary) {
      if (!pass.isCurrent().getAsBoolean()) {
        return Outcome.NOT_YET;
      }
      RowDifferences found = compare(ours, theirs, leaves, after);
      bring(found.ours(), true);
      if (both) {
        bring(found.theirs(), false);
      }
      more = found.after().isPresent();
      after = found.after().orElse("");
      if (more) {
        // A long listing: what only was on its way when this began is on both sides by now, and
        // the rest of the names need not be walked over for it.
        ours = LocalFault.in(() -> local.summary(listing));
        theirs = peer.summary(listing);
        leaves.and(differing(leaves(ours), leaves(theirs)));
        more = !leaves.isEmpty();
      }
    }
    if (!notPrimary && !digest(ours).equals(digest(theirs))) {
      bringStates(ours, theirs, both);
    }
    return notPrimary ? Outcome.NOT_PRIMARY : Outcome.SAME;
  }

  private static List<Digest> leaves(Optional<Summary> side) {
    return side.map(summary -> summary.digests().leaves()).orElse(EMPTY);
  }

  /// Of its own state; zero where there is no such listing.
  private static Digest digest(Optional<Summary> side) {
    return side.map(summary -> summary.digests().state()).orElse(Digest.ZERO);
  }

  private static BitSet differing(List<Digest> ours, List<Digest> theirs) {
    BitSet leaves = new BitSet(ListingSummary.LEAVES);
    for (int leaf = 0; leaf < ListingSummary.LEAVES; leaf++) {
      leaves.set(leaf, !ours.get(leaf).equals(theirs.get(leaf)));
    }
    return leaves;
  }

  private RowDifferences compare(
      Optional<Summary> ours, Optional<Summary> theirs, BitSet leaves, String after)
      throws ReplicaFault, LocalFault {
    RowDigest.Page here =
        ours.isEmpty()
            ? NONE
            : LocalFault.in(() -> local.rows(listing, leaves, after, PAGE)).orElse(NONE);
    RowDigest.Page there =
        theirs.isEmpty() ? NONE : peer.rows(listing, leaves, after, PAGE).orElse(NONE);
    return RowDifferences.of(here, there, pass.lapsedBefore());
  }

  /// States travel with rows; where no row did, alone. A listing that was deleted before the
  /// reclaim age, and that the other side lacks, is not brought there: it was forgotten.
  private void bringStates(Optional<Summary> ours, Optional<Summary> theirs, boolean both)
      throws ReplicaFault, LocalFault {
    if (!stateSent && ours.isPresent() && !(theirs.isEmpty() && isLapsed(ours.get()))) {
      bringPart(List.of(), true);
    }
    if (both
        && !stateGot
        && !notPrimary
        && theirs.isPresent()
        && !(ours.isEmpty() && isLapsed(theirs.get()))) {
      bringPart(List.of(), false);
    }
  }

  private boolean isLapsed(Summary side) {
    boolean deleted = !side.deleted().equals(Timestamp.ZERO);
    return deleted && pass.lapsedBefore().isAfter(side.deleted());
  }

  /// Brings rows over, as many at a time as fit.
  ///
  /// @param there whether to the peer, else to the local device
  private void bring(List<String> names, boolean there) throws ReplicaFault, LocalFault {
    int from = 0;
    while (from < names.size() && !notPrimary) {
      List<String> some = names.subList(from, Math.min(names.size(), from + RowNames.MAX_NAMES));
      from += bringPart(some, there);
    }
  }

  /// @return how many of the names are done with, the first ones
  private int bringPart(List<String> names, boolean there) throws ReplicaFault, LocalFault {
    Optional<ListingPart> part =
        there ? LocalFault.in(() -> local.fetch(listing, names)) : peer.fetch(listing, names);
    if (part.isEmpty()) {
      return names.size();
    }
    ListingPart found = part.get();
    boolean merged =
        there
            ? peer.merge(listing, found, false)
            : LocalFault.in(() -> local.merge(listing, found, false));
    notPrimary |= !merged;
    stateSent |= there;
    stateGot |= !there;
    long bytes =
        found.state().remaining() + found.rows().stream().mapToLong(ListingPart.Row::bytes).sum();
    pass.progress().moved(found.rows().size(), bytes);
    // What is not among the rows before the last one is gone; if there are none, all of it is.
    return found.rows().isEmpty() ? names.size() : names.indexOf(found.rows().getLast().name()) + 1;
  }
}
