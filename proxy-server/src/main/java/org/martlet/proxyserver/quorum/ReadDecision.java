package org.martlet.proxyserver.quorum;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.martlet.proxyserver.quorum.Effect.Outcome;
import org.martlet.proxyserver.quorum.Vote.Voter;

/// Decides whose answer to a read the client gets.
///
/// - A good answer (2xx, 304, 412, 416) is used at once, unless a newer clock is known: then what
///   it shows is outdated. With [ReadRules#newest], the newest of all that answered is used.
/// - A device that fails is replaced by the next. After the first 404 all other primaries are asked
///   at once; 404 is final when a majority has nothing and the newest known clock is a tombstone's,
///   or when everybody who may have it has answered or failed. Once a majority knows, who is slower
/// than a short grace is not waited for. Where no clock proves that it is gone, everybody is asked
/// and waited for; in the end not longer than a patient grace for so few that no acknowledged
///   write can be on them alone.
/// - Invariant: no good answer is used whose clock is below that of a 404 heard before; 404 is said
/// only if a majority said that nothing is there, and, where no clock proves it, those that failed
/// are not such that a write could have been acknowledged by them alone: all the devices of one
///   server are not, where copies have to be on two.
/// - Threads: not safe; the driver calls it under a lock.
public final class ReadDecision {
  private static final int ALL = Integer.MAX_VALUE;

  private final ReadRules rules;
  private final List<Vote> refusals = new ArrayList<>();
  private final List<Vote> found = new ArrayList<>();

  private final List<Voter> asked = new ArrayList<>();
  private final Set<Integer> outstanding = new HashSet<>();
  private final List<Voter> failed = new ArrayList<>();
  private int knowing;
  private int missing;
  private boolean exhausted;
  private boolean grace;
  private boolean patient;
  private boolean finished;
  private @Nullable Vote gone;
  private @Nullable Vote best;
  private int bestRequest;

  public ReadDecision(ReadRules rules) {
    this.rules = rules;
  }

  /// Whether the newest state of all is wanted.
  public boolean wantsNewest() {
    return rules.newest();
  }

  public List<ReadEffect> start() {
    return List.of(new ReadEffect.Ask(rules.width()));
  }

  /// Which devices were asked in answer to an [ReadEffect.Ask], and whether nobody is left. The
  /// requests are numbered in the order in which they are told, from 0.
  public List<ReadEffect> asked(List<Voter> devices, boolean nobodyIsLeft) {
    for (Voter device : devices) {
      outstanding.add(asked.size());
      asked.add(device);
    }
    exhausted |= nobodyIsLeft;
    return finished ? List.of() : proceed();
  }

  /// A device answered.
  ///
  /// @param vote its clocks are what the answer names; none is the oldest of all
  public List<ReadEffect> answered(int request, Vote vote) {
    if (vote.status() >= 500) {
      return failed(request);
    }
    outstanding.remove(request);
    if (finished) {
      return List.of();
    }
    if (isGood(vote)) {
      return good(request, vote);
    }
    if (vote.status() == 404 || vote.status() == 410) {
      return missing(vote);
    }
    refusals.add(vote);
    return more(1);
  }

  /// A device could not be asked or did not answer.
  public List<ReadEffect> failed(int request) {
    outstanding.remove(request);
    failed.add(asked.get(request));
    return finished ? List.of() : more(1);
  }

  /// Nobody answered for longer than is usual.
  public List<ReadEffect> slow() {
    return finished || exhausted ? List.of() : List.of(new ReadEffect.Ask(1));
  }

  /// The grace that was asked for is over.
  public List<ReadEffect> graceOver() {
    if (finished) {
      return List.of();
    }
    if (best != null || isCertainlyGone() || (patient && isNowhere())) {
      return conclude();
    }
    grace = false;
    patient = false;
    return exhausted ? List.of() : List.of(new ReadEffect.Ask(ALL));
  }

  private static boolean isGood(Vote vote) {
    return vote.statusClass() == 2
        || vote.status() == 304
        || vote.status() == 412
        || vote.status() == 416;
  }

  private List<ReadEffect> good(int request, Vote vote) {
    knowing++;
    found.add(vote);
    if (isOutdated(vote)) {
      return more(1);
    }
    if (!rules.newest()) {
      return use(request);
    }
    if (best == null || vote.isNewerThan(best)) {
      best = vote;
      bestRequest = request;
    }
    return proceed();
  }

  private List<ReadEffect> missing(Vote vote) {
    refusals.add(vote);
    if (!vote.saysNothing()) {
      knowing++;
      missing++;
    }
    if (vote.stored() != null && (gone == null || vote.isNewerThan(gone))) {
      gone = vote;
    }
    if (best != null && isOutdated(best)) {
      best = null;
    }
    if (asked.size() < rules.primaries()) {
      return more(rules.primaries() - asked.size());
    }
    return proceed();
  }

  private boolean isOutdated(Vote vote) {
    return gone != null && gone.isNewerThan(vote);
  }

  private List<ReadEffect> more(int count) {
    return exhausted ? proceed() : List.of(new ReadEffect.Ask(count));
  }

  private List<ReadEffect> proceed() {
    if (!outstanding.isEmpty()) {
      boolean known = knowing >= rules.majority();
      boolean waitsForAll = exhausted && best == null && !isCertainlyGone();
      boolean waits = waitsForAll || mayMissTheNewest();
      boolean runs = grace && (waits || !patient);
      if (runs || !known || (waitsForAll && !isNowhere())) {
        return List.of();
      }
      grace = true;
      patient = waits;
      return List.of(new ReadEffect.Grace(patient));
    }
    if (best != null || isCertainlyGone() || exhausted) {
      return conclude();
    }
    return List.of(new ReadEffect.Ask(ALL));
  }

  /// Whether those who have not answered are enough to have acknowledged a write among themselves:
  /// where handoffs stood in, a majority of answers alone proves nothing.
  private boolean mayMissTheNewest() {
    return rules.newest() && mayBeWithTheSilent();
  }

  /// Whether what was acknowledged may be on those alone who have not answered.
  private boolean mayBeWithTheSilent() {
    List<Voter> silent = new ArrayList<>(failed);
    outstanding.forEach(request -> silent.add(asked.get(request)));
    return rules.durability().holds(silent);
  }

  private boolean isCertainlyGone() {
    return gone != null && gone() >= rules.majority();
  }

  /// Whether everybody was asked, a majority has nothing, and those who have not said so are too
  /// few to hold something that was acknowledged, unless copies were lost.
  private boolean isNowhere() {
    return exhausted && gone() >= rules.majority() && !mayBeWithTheSilent();
  }

  /// How many say that nothing is there, or show what the newest tombstone outdates.
  private int gone() {
    return missing + (int) found.stream().filter(this::isOutdated).count();
  }

  private List<ReadEffect> conclude() {
    if (best != null) {
      return use(bestRequest);
    }
    if (gone() >= rules.majority()) {
      boolean mayBeElsewhere = !isCertainlyGone() && rules.durability().holds(failed);
      return finish(mayBeElsewhere ? Outcome.UNAVAILABLE : refusalOf(404));
    }
    List<Vote> others = refusals.stream().filter(vote -> vote.status() != 404).toList();
    return finish(
        others.size() >= rules.majority()
            ? refusalOf(others.getFirst().status())
            : Outcome.UNAVAILABLE);
  }

  /// The newest of the answers with that status.
  private Outcome refusalOf(int status) {
    Vote chosen = null;
    for (Vote vote : refusals) {
      boolean better = chosen == null || vote.isNewerThan(chosen);
      if (better && (vote.status() == status || (status == 404 && vote.status() == 410))) {
        chosen = vote;
      }
    }
    return new Outcome(chosen == null ? status : chosen.status(), chosen);
  }

  private List<ReadEffect> use(int request) {
    finished = true;
    return List.of(new ReadEffect.Use(request));
  }

  private List<ReadEffect> finish(Outcome outcome) {
    finished = true;
    return List.of(new ReadEffect.Finish(outcome));
  }
}
