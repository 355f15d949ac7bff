package org.martlet.proxyserver.quorum;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// Swift's rule for one answer out of several: the first class among 2xx, 3xx and 4xx that has a
/// quorum, and in it the numerically highest status.
///
/// Stricter than Swift in one point: 2xx has a quorum only when [DurabilityRule#holds] for those
/// who said it.
public final class AnswerChoice {
  private AnswerChoice() {}

  /// The answer to give, empty if no class has a quorum: that is a 503.
  public static Optional<Vote> choose(List<Vote> votes, DurabilityRule rule) {
    for (int statusClass = 2; statusClass <= 4; statusClass++) {
      List<Vote> members = members(votes, statusClass);
      if (hasQuorum(members, statusClass, rule)) {
        return members.stream().max(Comparator.comparingInt(Vote::status));
      }
    }
    return Optional.empty();
  }

  /// As [#choose], but where no class has a quorum, 404 counts as success: a device that had
  /// nothing to delete has written its tombstone all the same. A 404 that only counted is not the
  /// answer.
  public static Optional<Vote> chooseForDelete(List<Vote> votes, DurabilityRule rule) {
    Optional<Vote> plain = choose(votes, rule);
    if (plain.isPresent()) {
      return plain;
    }
    List<Vote> gone = votes.stream().filter(AnswerChoice::countsForDelete).toList();
    return hasQuorum(gone, 2, rule)
        ? gone.stream()
            .filter(vote -> vote.statusClass() == 2)
            .max(Comparator.comparingInt(Vote::status))
        : Optional.empty();
  }

  static boolean countsForDelete(Vote vote) {
    return vote.statusClass() == 2 || (vote.status() == 404 && !vote.saysNothing());
  }

  private static List<Vote> members(List<Vote> votes, int statusClass) {
    return votes.stream()
        .filter(vote -> vote.statusClass() == statusClass && !vote.saysNothing())
        .toList();
  }

  private static boolean hasQuorum(List<Vote> members, int statusClass, DurabilityRule rule) {
    return statusClass == 2
        ? rule.holds(members.stream().map(Vote::voter).toList())
        : members.size() >= rule.quorum();
  }
}
