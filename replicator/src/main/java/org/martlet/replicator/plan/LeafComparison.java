package org.martlet.replicator.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.martlet.common.model.ObjectHash;
import org.martlet.common.model.Timestamp;
import org.martlet.common.replication.HashRange;
import org.martlet.common.replication.RecordEntry;

/// What two primaries have to tell each other of a range of hashes.
///
/// When each has pushed what its own comparison says, both have the same clocks. Where equal
/// clocks govern different values beside a register that is newer, that shows at the next
/// comparison only, whose pushes settle it.
///
/// @param differences in order of hash
/// @param inSync how many records are the same on both
/// @param compared what was compared: with pages that do not cover their range, its beginning; go
///     on with [HashRange#after]
public record LeafComparison(List<RecordDifference> differences, int inSync, HashRange compared) {
  public LeafComparison {
    differences = List.copyOf(differences);
  }

  /// Compares two pages as far as both reach.
  ///
  /// @param lapsedBefore now less the reclaim age: a tombstone whose clocks are all older, and of
  ///     which the other side has nothing, is no difference; pushed, it would never be gone from
  ///     everywhere
  /// @throws IllegalArgumentException if they begin at different hashes
  public static LeafComparison of(RecordPage ours, RecordPage peers, Timestamp lapsedBefore) {
    HashRange compared = ours.common(peers);
    List<RecordDifference> differences = new ArrayList<>();
    int inSync = 0;
    int next = 0;
    for (RecordEntry our : within(compared, ours)) {
      while (next < peers.entries().size() && at(peers, next).compareTo(our.hash()) < 0) {
        inSync += expect(peers.entries().get(next++), lapsedBefore, differences);
      }
      if (next == peers.entries().size() || !at(peers, next).equals(our.hash())) {
        inSync += push(our, lapsedBefore, differences);
        continue;
      }
      Optional<RecordDifference> difference = difference(our, peers.entries().get(next++));
      difference.ifPresent(differences::add);
      inSync += difference.isPresent() ? 0 : 1;
    }
    while (next < peers.entries().size() && compared.contains(at(peers, next))) {
      inSync += expect(peers.entries().get(next++), lapsedBefore, differences);
    }
    return new LeafComparison(differences, inSync, compared);
  }

  /// @return how many records count as the same
  private static int push(
      RecordEntry our, Timestamp lapsedBefore, List<RecordDifference> differences) {
    if (isLapsed(our, lapsedBefore)) {
      return 1;
    }
    differences.add(new RecordDifference.Push(our, PushContent.toNothing(our.clocks())));
    return 0;
  }

  /// @return how many records count as the same
  private static int expect(
      RecordEntry peers, Timestamp lapsedBefore, List<RecordDifference> differences) {
    if (isLapsed(peers, lapsedBefore)) {
      return 1;
    }
    differences.add(new RecordDifference.Expect(peers));
    return 0;
  }

  private static boolean isLapsed(RecordEntry alone, Timestamp before) {
    return alone.clocks().data().deleted() && before.isAfter(alone.clocks().newest());
  }

  private static List<RecordEntry> within(HashRange range, RecordPage page) {
    return page.entries().stream().takeWhile(entry -> range.contains(entry.hash())).toList();
  }

  private static ObjectHash at(RecordPage page, int index) {
    return page.entries().get(index).hash();
  }

  private static Optional<RecordDifference> difference(RecordEntry ours, RecordEntry peers) {
    PushContent content = PushContent.to(peers.clocks(), ours.clocks());
    RecordDifference.Push push = new RecordDifference.Push(ours, content);
    return switch (ours.clocks().orderTo(peers.clocks())) {
      case SAME -> Optional.empty();
      case NEWER -> Optional.of(push);
      case OLDER -> Optional.of(new RecordDifference.Expect(peers));
      case APART -> Optional.of(new RecordDifference.Exchange(push, peers));
    };
  }

  /// Whether there is nothing to do.
  public boolean isClean() {
    return differences.isEmpty();
  }

  /// What we have to send.
  public List<RecordDifference.Push> pushes() {
    return differences.stream().flatMap(LeafComparison::push).toList();
  }

  private static Stream<RecordDifference.Push> push(RecordDifference difference) {
    return switch (difference) {
      case RecordDifference.Push push -> Stream.of(push);
      case RecordDifference.Exchange exchange -> Stream.of(exchange.push());
      case RecordDifference.Expect expect -> Stream.empty();
    };
  }

  /// What the peer has to send.
  public List<RecordEntry> expected() {
    return differences.stream().flatMap(LeafComparison::expected).toList();
  }

  private static Stream<RecordEntry> expected(RecordDifference difference) {
    return switch (difference) {
      case RecordDifference.Push push -> Stream.empty();
      case RecordDifference.Exchange exchange -> Stream.of(exchange.peers());
      case RecordDifference.Expect expect -> Stream.of(expect.peers());
    };
  }
}
