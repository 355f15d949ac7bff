package org.martlet.replicator.listing;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.martlet.common.model.Timestamp;
import org.martlet.common.replication.RowDigest;
import org.martlet.common.replication.RowNames;

/// What two replicas of a listing have to tell each other of its rows, as far as two pages of them
/// both reach.
///
/// A row that was deleted before the reclaim age, and that the other side lacks, is not told: the
/// other may have forgotten it already.
///
/// @param ours the names of the rows that the other side has to get from this one
/// @param theirs the names of the rows that this side has to get from the other
/// @param after where the next pages begin; empty if these were the last
record RowDifferences(List<String> ours, List<String> theirs, Optional<String> after) {
  static RowDifferences of(
      RowDigest.Page ourPage, RowDigest.Page theirPage, Timestamp lapsedBefore) {
    Optional<String> after = earlier(ourPage, theirPage);
    List<String> ours = new ArrayList<>();
    List<String> theirs = new ArrayList<>();
    int i = 0;
    int j = 0;
    List<RowDigest> here = within(ourPage, after);
    List<RowDigest> there = within(theirPage, after);
    while (i < here.size() || j < there.size()) {
      int order = order(here, i, there, j);
      if (order < 0) {
        add(here.get(i++), lapsedBefore, ours);
      } else if (order > 0) {
        add(there.get(j++), lapsedBefore, theirs);
      } else {
        if (here.get(i).digest() != there.get(j).digest()) {
          ours.add(here.get(i).name());
          theirs.add(here.get(i).name());
        }
        i++;
        j++;
      }
    }
    return new RowDifferences(ours, theirs, after);
  }

  private static int order(List<RowDigest> here, int i, List<RowDigest> there, int j) {
    if (i == here.size() || j == there.size()) {
      return i == here.size() ? 1 : -1;
    }
    return RowNames.compare(here.get(i).name(), there.get(j).name());
  }

  private static void add(RowDigest row, Timestamp lapsedBefore, List<String> to) {
    if (!row.deleted() || row.ticks() >= lapsedBefore.ticks()) {
      to.add(row.name());
    }
  }

  private static List<RowDigest> within(RowDigest.Page page, Optional<String> last) {
    return last.isEmpty()
        ? page.rows()
        : page.rows().stream()
            .takeWhile(row -> RowNames.compare(row.name(), last.get()) <= 0)
            .toList();
  }

  private static Optional<String> earlier(RowDigest.Page a, RowDigest.Page b) {
    if (a.isLast() || b.isLast()) {
      RowDigest.Page other = a.isLast() ? b : a;
      return other.isLast() ? Optional.empty() : Optional.of(other.lookedAt());
    }
    boolean first = RowNames.compare(a.lookedAt(), b.lookedAt()) <= 0;
    return Optional.of(first ? a.lookedAt() : b.lookedAt());
  }
}
