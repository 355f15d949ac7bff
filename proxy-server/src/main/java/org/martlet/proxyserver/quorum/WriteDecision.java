package org.martlet.proxyserver.quorum;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.martlet.common.model.Timestamp;
import org.martlet.proxyserver.quorum.Effect.Outcome;
import org.martlet.proxyserver.quorum.WriteRules.Conflicts;
import org.martlet.proxyserver.quorum.WriteRules.Missing;

/// Decides about a change that is sent whole to n devices at once: small PUT, POST, DELETE, and the
/// verbs that change accounts and containers.
///
/// A device that fails (a fault, or a status of 500 and above) is replaced by the next one. Once a
/// quorum agrees, the others have a short grace; then the answer is chosen ([AnswerChoice]). Where
/// enough devices agree, but on too few servers, further devices are asked one by one.
///
/// - Invariant: a 2xx outcome means that [DurabilityRule#holds] for those who acknowledged it in
///   the last round, whose clock is the one that counts.
/// - Threads: not safe; the driver calls it under a lock.
public final class WriteDecision {
  private enum Slot {
    ASKED,
    /// Has answered, or nobody is left to ask.
    CLOSED
  }

  private final WriteRules rules;
  private final Slot[] slots;
  private final List<Vote> votes = new ArrayList<>();

  private int round = 1;
  private boolean grace;
  private boolean finished;
  private boolean askedElsewhere;
  private boolean nobodyIsLeft;
  private @Nullable Timestamp newest;

  public WriteDecision(WriteRules rules) {
    this.rules = rules;
    this.slots = new Slot[rules.durability().replicas()];
    Arrays.fill(slots, Slot.ASKED);
  }

  /// The round in which devices are asked now.
  public int round() {
    return round;
  }

  /// What to do first: ask a device for every slot.
  public List<Effect> start() {
    List<Effect> effects = new ArrayList<>(slots.length);
    for (int slot = 0; slot < slots.length; slot++) {
      effects.add(new Effect.Ask(slot));
    }
    return effects;
  }

  /// A device answered.
  public List<Effect> answered(int inRound, int slot, Vote vote) {
    if (ignores(inRound)) {
      return List.of();
    }
    if (vote.status() >= 500) {
      return List.of(new Effect.Ask(slot));
    }
    slots[slot] = Slot.CLOSED;
    votes.add(count(vote));
    return proceed();
  }

  /// A device could not be asked or did not answer.
  public List<Effect> failed(int inRound, int slot) {
    return ignores(inRound) ? List.of() : List.of(new Effect.Ask(slot));
  }

  /// Nobody is left to ask for a slot.
  public List<Effect> exhausted(int inRound, int slot) {
    if (ignores(inRound)) {
      return List.of();
    }
    slots[slot] = Slot.CLOSED;
    nobodyIsLeft = true;
    return proceed();
  }

  /// The slots whose devices have said nothing for long, if it takes one of them to decide:
  /// somebody else may be asked for them as well.
  public Set<Integer> silent(int inRound) {
    Set<Integer> silent = new TreeSet<>();
    if (!ignores(inRound) && !grace) {
      for (int slot = 0; slot < slots.length; slot++) {
        if (slots[slot] == Slot.ASKED) {
          silent.add(slot);
        }
      }
    }
    return silent;
  }

  /// The grace that was asked for is over.
  public List<Effect> graceOver(int inRound) {
    return ignores(inRound) || !grace ? List.of() : settle();
  }

  private boolean ignores(int inRound) {
    return finished || inRound != round;
  }

  /// Notes a conflict; in the last round it counts as done.
  private Vote count(Vote vote) {
    if (vote.status() != 409 || rules.conflicts() != Conflicts.OUTBID) {
      return vote;
    }
    if (round == rules.rounds()) {
      return new Vote(vote.voter(), rules.done(), vote.stored());
    }
    Timestamp stored = vote.stored();
    if (stored != null) {
      newest = newest == null ? stored : Timestamp.max(newest, stored);
    }
    return vote;
  }

  private List<Effect> proceed() {
    if (allClosed()) {
      return settle();
    }
    if (!grace && (newest != null || choice().isPresent())) {
      grace = true;
      return List.of(new Effect.Grace());
    }
    return List.of();
  }

  private boolean allClosed() {
    for (Slot slot : slots) {
      if (slot != Slot.CLOSED) {
        return false;
      }
    }
    return true;
  }

  private Optional<Vote> choice() {
    return rules.missing() == Missing.COUNTS_AS_DONE
        ? AnswerChoice.chooseForDelete(votes, rules.durability())
        : AnswerChoice.choose(votes, rules.durability());
  }

  private List<Effect> settle() {
    if (newest != null && newest.ticks() < Timestamp.MAX_TICKS) {
      return repeat(newest);
    }
    Optional<Vote> chosen = choice();
    if (chosen.isEmpty() && !nobodyIsLeft && allClosed() && lacksOnlyServers()) {
      int last = slots.length - 1;
      slots[last] = Slot.ASKED;
      grace = false;
      return List.of(new Effect.Ask(last));
    }
    boolean done = chosen.isPresent() && chosen.get().statusClass() == 2;
    if (!done && rules.missing() == Missing.ASK_ANOTHER) {
      List<Effect> more = askElsewhere();
      if (!more.isEmpty()) {
        return more;
      }
      if (votes.stream().anyMatch(vote -> vote.statusClass() == 2)) {
        return finish(Outcome.UNAVAILABLE);
      }
    }
    return finish(chosen.map(vote -> new Outcome(vote.status(), vote)).orElse(Outcome.UNAVAILABLE));
  }

  private boolean lacksOnlyServers() {
    boolean delete = rules.missing() == Missing.COUNTS_AS_DONE;
    return rules
        .durability()
        .lacksOnlyServers(
            votes.stream()
                .filter(
                    vote -> delete ? AnswerChoice.countsForDelete(vote) : vote.statusClass() == 2)
                .map(Vote::voter)
                .toList());
  }

  private List<Effect> repeat(Timestamp above) {
    round++;
    newest = null;
    grace = false;
    askedElsewhere = false;
    nobodyIsLeft = false;
    votes.clear();
    Arrays.fill(slots, Slot.ASKED);
    return List.of(new Effect.Repeat(above));
  }

  /// Once a round: as many further devices as have nothing and know of nothing.
  private List<Effect> askElsewhere() {
    if (askedElsewhere) {
      return List.of();
    }
    askedElsewhere = true;
    long missing =
        votes.stream().filter(vote -> vote.status() == 404 && vote.stored() == null).count();
    List<Effect> effects = new ArrayList<>();
    for (int slot = 0; slot < slots.length && effects.size() < missing; slot++) {
      if (slots[slot] == Slot.CLOSED) {
        slots[slot] = Slot.ASKED;
        effects.add(new Effect.Ask(slot));
      }
    }
    grace = grace && effects.isEmpty();
    return effects;
  }

  private List<Effect> finish(Outcome outcome) {
    finished = true;
    return List.of(new Effect.Finish(outcome, false));
  }
}
