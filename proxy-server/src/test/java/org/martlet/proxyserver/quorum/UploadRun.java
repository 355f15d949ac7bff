package org.martlet.proxyserver.quorum;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.martlet.common.model.Timestamp;
import org.martlet.proxyserver.quorum.Effect.Outcome;
import org.martlet.proxyserver.quorum.Vote.Voter;

/// Plays a script of answers against an [UploadDecision] and keeps its own account of who has the
/// complete body.
final class UploadRun {
  private final WriteRules rules;
  private final UploadDecision decision;
  private final Iterator<Integer> script;
  private final int devices;
  private final Map<Integer, Voter> asked = new HashMap<>();
  private final Map<Integer, Voter> sending = new HashMap<>();
  private final Set<Voter> complete = new HashSet<>();
  private int nextDevice;
  private boolean grace;
  private boolean ended;
  private Outcome outcome;

  UploadRun(WriteRules rules, List<Integer> script, int devices) {
    this.rules = rules;
    this.decision = new UploadDecision(rules);
    this.script = script.iterator();
    this.devices = devices;
  }

  /// Who has the body, or something newer, for good.
  Set<Voter> complete() {
    return complete;
  }

  Outcome play() {
    apply(decision.start());
    while (outcome == null) {
      int choice = script.hasNext() ? script.next() : 0;
      if (choice == 9 && grace) {
        grace = false;
        apply(decision.graceOver(decision.round()));
      } else if (!asked.isEmpty()) {
        opening(choice);
      } else if (!ended && (choice % 2 == 0 || sending.isEmpty())) {
        ended = true;
        apply(decision.bodyEnded());
      } else if (!sending.isEmpty()) {
        sending(choice);
      } else {
        throw new AssertionError("nothing is under way, and nothing is decided");
      }
    }
    return outcome;
  }

  private void opening(int choice) {
    int slot = asked.keySet().stream().skip(choice % asked.size()).findFirst().orElseThrow();
    Voter voter = asked.remove(slot);
    int round = decision.round();
    switch (choice) {
      case 0, 1, 2, 3, 4 -> {
        sending.put(slot, voter);
        apply(decision.consented(round, slot, voter));
      }
      case 5 -> {
        // In the last round a conflict is somebody who won.
        if (round == rules.rounds()) {
          complete.add(voter);
        }
        apply(decision.answered(round, slot, new Vote(voter, 409, Timestamp.ofTicks(70))));
      }
      case 6 -> apply(decision.answered(round, slot, new Vote(voter, 507, null)));
      case 7 -> apply(decision.answered(round, slot, new Vote(voter, 400, null)));
      default -> apply(decision.failed(round, slot));
    }
  }

  private void sending(int choice) {
    int slot = sending.keySet().stream().skip(choice % sending.size()).findFirst().orElseThrow();
    int round = decision.round();
    if (choice == 1 && !ended) {
      apply(decision.stalled(round, Set.of(slot)));
      return;
    }
    Voter voter = sending.remove(slot);
    switch (choice) {
      case 0, 1, 2, 3 -> {
        if (ended) {
          complete.add(voter);
        }
        apply(decision.answered(round, slot, new Vote(voter, 201, null)));
      }
      case 4, 5 -> {
        complete.add(voter);
        apply(decision.answered(round, slot, new Vote(voter, 409, Timestamp.ofTicks(90))));
      }
      case 6 -> apply(decision.answered(round, slot, new Vote(voter, 422, null)));
      case 7 -> apply(decision.answered(round, slot, new Vote(voter, 500, null)));
      default -> apply(decision.failed(round, slot));
    }
  }

  private void apply(List<Effect> effects) {
    for (Effect effect : effects) {
      switch (effect) {
        case Effect.Ask ask -> ask(ask.slot());
        case Effect.Repeat repeat -> {
          asked.clear();
          sending.clear();
          complete.clear();
          nextDevice = 0;
          apply(decision.start());
        }
        case Effect.Grace wanted -> grace = true;
        case Effect.Begin begin -> {
          asked.clear();
          List<Integer> others = new ArrayList<>(sending.keySet());
          others.removeAll(begin.slots());
          others.forEach(sending::remove);
        }
        case Effect.Drop drop -> sending.remove(drop.slot());
        case Effect.Finish finish -> outcome = finish.outcome();
      }
    }
  }

  private void ask(int slot) {
    sending.remove(slot);
    if (nextDevice == devices) {
      apply(decision.exhausted(decision.round(), slot));
      return;
    }
    int device = nextDevice++;
    asked.put(slot, new Voter("d" + device, "s" + device % 3, false));
  }
}
