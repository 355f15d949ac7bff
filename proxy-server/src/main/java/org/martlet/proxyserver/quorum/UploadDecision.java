package org.martlet.proxyserver.quorum;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.martlet.common.model.Timestamp;
import org.martlet.proxyserver.quorum.Effect.Outcome;
import org.martlet.proxyserver.quorum.Vote.Voter;
import org.martlet.proxyserver.quorum.WriteRules.Conflicts;

/// Decides about a PUT whose body waits for the devices' consent: opening, sending, committing.
///
/// - Opening: a device consents (100), or answers, or fails and is replaced. A 409 is outbid before
///   a byte of the body is taken; a 412 is final. The body begins when all have said something, or
///   enough consented and the grace is over. Where enough consented, but on too few servers, one
///   of them makes room for the next device.
/// - Sending: a device that fails or is too slow is given up as long as the rest can still make the
///   change durable; else everything is given up.
/// - Committing: a 409 means that somebody who wrote at the same time won: the device counts.
/// - Invariant: a 2xx outcome means that [DurabilityRule#holds] for those who answered 2xx or 409
///   to the complete body.
/// - Threads: not safe; the driver calls it under a lock.
public final class UploadDecision {
  private enum Phase {
    OPENING,
    SENDING,
    COMMITTING,
    FINISHED
  }

  private enum Slot {
    ASKED,
    CONSENTED,
    /// Its device has answered for good, in favour.
    DONE,
    LOST
  }

  private final WriteRules rules;
  private final Slot[] slots;
  private final @Nullable Voter[] voters;
  private final List<Vote> votes = new ArrayList<>();

  private Phase phase = Phase.OPENING;
  private int round = 1;
  private boolean grace;
  private boolean nobodyIsLeft;
  private @Nullable Timestamp newest;

  public UploadDecision(WriteRules rules) {
    this.rules = rules;
    this.slots = new Slot[rules.durability().replicas()];
    this.voters = new @Nullable Voter[slots.length];
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

  /// A device waits for the body.
  public List<Effect> consented(int inRound, int slot, Voter voter) {
    if (phase != Phase.OPENING || inRound != round) {
      return List.of();
    }
    slots[slot] = Slot.CONSENTED;
    voters[slot] = voter;
    return openOrWait();
  }

  /// A device gave its final answer.
  public List<Effect> answered(int inRound, int slot, Vote vote) {
    if (phase == Phase.FINISHED || inRound != round || slots[slot] == Slot.LOST) {
      return List.of();
    }
    return phase == Phase.OPENING ? answeredEarly(slot, vote) : answeredLate(slot, vote);
  }

  /// A device could not be asked, did not answer, or broke off.
  public List<Effect> failed(int inRound, int slot) {
    if (phase == Phase.FINISHED || inRound != round || slots[slot] == Slot.LOST) {
      return List.of();
    }
    return phase == Phase.OPENING ? askAgain(slot) : lose(slot);
  }

  private List<Effect> askAgain(int slot) {
    slots[slot] = Slot.ASKED;
    voters[slot] = null;
    return List.of(new Effect.Ask(slot));
  }

  /// Nobody is left to ask for a slot.
  public List<Effect> exhausted(int inRound, int slot) {
    if (phase != Phase.OPENING || inRound != round) {
      return List.of();
    }
    slots[slot] = Slot.LOST;
    nobodyIsLeft = true;
    return openOrWait();
  }

  /// The grace that was asked for is over.
  public List<Effect> graceOver(int inRound) {
    if (inRound != round || !grace) {
      return List.of();
    }
    return switch (phase) {
      case OPENING -> {
        if (newest != null || canSucceed(Set.of())) {
          yield open();
        }
        grace = false;
        yield List.of();
      }
      case COMMITTING -> settle();
      case SENDING, FINISHED -> List.of();
    };
  }

  /// The slots whose devices have said nothing for long, if it takes one of them to go on: somebody
  /// else may be asked in their place.
  public Set<Integer> silent(int inRound) {
    Set<Integer> silent = new TreeSet<>();
    if (phase == Phase.OPENING && inRound == round && !grace) {
      for (int slot = 0; slot < slots.length; slot++) {
        if (slots[slot] == Slot.ASKED) {
          silent.add(slot);
        }
      }
    }
    return silent;
  }

  /// These slots' devices take nothing for too long. They are given up if the others wait for them
  /// and are enough. Where they are needed nobody is: whichever takes data again first may be the
  /// one that makes up the quorum.
  public List<Effect> stalled(int inRound, Set<Integer> standing) {
    if (phase != Phase.SENDING || inRound != round || !canSucceed(standing)) {
      return List.of();
    }
    List<Effect> drops = new ArrayList<>(standing.size());
    for (int slot : standing) {
      if (slots[slot] == Slot.CONSENTED) {
        slots[slot] = Slot.LOST;
        drops.add(new Effect.Drop(slot));
      }
    }
    return drops;
  }

  /// These slots' devices have taken nothing for so long that they will not: without them there is
  /// a quorum, or there is none.
  public List<Effect> stuck(int inRound, Set<Integer> standing) {
    if (phase != Phase.SENDING || inRound != round || standing.isEmpty()) {
      return List.of();
    }
    return canSucceed(standing) ? stalled(inRound, standing) : finish(failure(), true);
  }

  /// The whole body was given to every slot that is left.
  public List<Effect> bodyEnded() {
    if (phase != Phase.SENDING) {
      return List.of();
    }
    phase = Phase.COMMITTING;
    return commitOrWait();
  }

  private List<Effect> answeredEarly(int slot, Vote vote) {
    if (vote.status() >= 500) {
      return askAgain(slot);
    }
    if (vote.status() == 412) {
      return finish(new Outcome(412, vote), true);
    }
    Timestamp stored = vote.stored();
    boolean conflict = vote.status() == 409 && rules.conflicts() == Conflicts.OUTBID;
    if (conflict && round == rules.rounds()) {
      slots[slot] = Slot.DONE;
      voters[slot] = vote.voter();
    } else {
      slots[slot] = Slot.LOST;
      votes.add(vote);
      if (conflict && stored != null && stored.ticks() < Timestamp.MAX_TICKS) {
        newest = newest == null ? stored : Timestamp.max(newest, stored);
      }
    }
    return openOrWait();
  }

  private List<Effect> openOrWait() {
    boolean pending = false;
    for (Slot slot : slots) {
      pending |= slot == Slot.ASKED;
    }
    if (!pending) {
      return open();
    }
    if (!grace && (newest != null || canSucceed(Set.of()))) {
      grace = true;
      return List.of(new Effect.Grace());
    }
    return List.of();
  }

  /// Begins the body, outbids a conflict, or gives up.
  private List<Effect> open() {
    if (newest != null) {
      return repeat(newest);
    }
    if (!canSucceed(Set.of())) {
      int spare = nobodyIsLeft ? -1 : spareSlot();
      if (spare >= 0) {
        return askAgain(spare);
      }
      Optional<Vote> chosen = AnswerChoice.choose(votes, rules.durability());
      return finish(
          chosen.map(vote -> new Outcome(vote.status(), vote)).orElse(Outcome.UNAVAILABLE), true);
    }
    Set<Integer> begin = new LinkedHashSet<>();
    for (int slot = 0; slot < slots.length; slot++) {
      if (slots[slot] == Slot.CONSENTED) {
        begin.add(slot);
      } else if (slots[slot] == Slot.ASKED) {
        slots[slot] = Slot.LOST;
      }
    }
    phase = Phase.SENDING;
    grace = false;
    return List.of(new Effect.Begin(begin));
  }

  /// A slot for a device on another server, where only that is missing; -1 if there is none.
  private int spareSlot() {
    Collection<Voter> agreed = votersIn(Set.of(Slot.CONSENTED, Slot.DONE), Set.of());
    int spare = -1;
    if (rules.durability().lacksOnlyServers(agreed)) {
      for (int slot = 0; slot < slots.length; slot++) {
        boolean better = spare < 0 || slots[spare] == Slot.CONSENTED;
        if (better && (slots[slot] == Slot.LOST || slots[slot] == Slot.CONSENTED)) {
          spare = slot;
        }
      }
    }
    return spare;
  }

  private List<Effect> repeat(Timestamp above) {
    round++;
    newest = null;
    grace = false;
    nobodyIsLeft = false;
    votes.clear();
    Arrays.fill(slots, Slot.ASKED);
    Arrays.fill(voters, null);
    return List.of(new Effect.Repeat(above));
  }

  private List<Effect> answeredLate(int slot, Vote vote) {
    boolean superseded = vote.status() == 409 && rules.conflicts() != Conflicts.ANSWER;
    boolean early = phase == Phase.SENDING && vote.statusClass() == 2;
    if (early || !(vote.statusClass() == 2 || superseded)) {
      votes.add(vote);
      return lose(slot);
    }
    slots[slot] = Slot.DONE;
    return phase == Phase.COMMITTING ? commitOrWait() : List.of();
  }

  private List<Effect> lose(int slot) {
    slots[slot] = Slot.LOST;
    if (phase == Phase.COMMITTING) {
      return commitOrWait();
    }
    return canSucceed(Set.of()) ? List.of() : finish(failure(), true);
  }

  private List<Effect> commitOrWait() {
    boolean pending = false;
    for (Slot slot : slots) {
      pending |= slot == Slot.CONSENTED;
    }
    if (!pending) {
      return settle();
    }
    if (!grace && rules.durability().holds(votersIn(Set.of(Slot.DONE), Set.of()))) {
      grace = true;
      return List.of(new Effect.Grace());
    }
    return List.of();
  }

  private List<Effect> settle() {
    boolean durable = rules.durability().holds(votersIn(Set.of(Slot.DONE), Set.of()));
    return finish(durable ? new Outcome(rules.done(), null) : failure(), false);
  }

  private Outcome failure() {
    List<Vote> refusals = votes.stream().filter(vote -> vote.statusClass() == 4).toList();
    return AnswerChoice.choose(refusals, rules.durability())
        .map(vote -> new Outcome(vote.status(), vote))
        .orElse(Outcome.UNAVAILABLE);
  }

  /// Whether the change becomes durable if everybody who may still say yes does.
  private boolean canSucceed(Set<Integer> without) {
    return rules.durability().holds(votersIn(Set.of(Slot.CONSENTED, Slot.DONE), without));
  }

  private Collection<Voter> votersIn(Set<Slot> states, Set<Integer> without) {
    List<Voter> found = new ArrayList<>(slots.length);
    for (int slot = 0; slot < slots.length; slot++) {
      Voter voter = voters[slot];
      if (voter != null && states.contains(slots[slot]) && !without.contains(slot)) {
        found.add(voter);
      }
    }
    return found;
  }

  private List<Effect> finish(Outcome outcome, boolean abort) {
    phase = Phase.FINISHED;
    return List.of(new Effect.Finish(outcome, abort));
  }
}
