package org.martlet.proxyserver.quorum;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import org.martlet.common.model.Timestamp;
import org.martlet.proxyserver.quorum.Effect.Outcome;
import org.martlet.proxyserver.quorum.Vote.Voter;

/// Plays a script of answers against a [WriteDecision] and keeps its own account of who
/// acknowledged.
final class WriteRun {
  private record Asked(int round, int slot, Voter voter) {}

  private final WriteRules rules;
  private final WriteDecision decision;
  private final Iterator<Integer> script;
  private final int devices;
  private final Deque<Asked> open = new ArrayDeque<>();
  private final List<Voter> acknowledged = new ArrayList<>();
  private int nextDevice;
  private boolean grace;
  private Outcome outcome;

  WriteRun(WriteRules rules, List<Integer> script, int devices) {
    this.rules = rules;
    this.decision = new WriteDecision(rules);
    this.script = script.iterator();
    this.devices = devices;
  }

  List<Voter> acknowledged() {
    return acknowledged;
  }

  Outcome play() {
    apply(decision.start());
    while (outcome == null) {
      int choice = script.hasNext() ? script.next() : 0;
      if (choice == 11 && grace) {
        grace = false;
        apply(decision.graceOver(decision.round()));
      } else {
        answer(choice);
      }
    }
    return outcome;
  }

  private void answer(int choice) {
    Asked asked = choice % 2 == 0 ? open.pollFirst() : open.pollLast();
    if (asked == null) {
      throw new AssertionError("nobody is asked, and nothing is decided");
    }
    switch (choice) {
      case 0, 1, 2, 3 -> vote(asked, rules.done(), null);
      case 4, 5 -> vote(asked, 409, Timestamp.ofTicks(50L + choice));
      case 6 -> vote(asked, 404, Timestamp.ofTicks(9));
      case 7 -> vote(asked, 404, null);
      case 8 -> vote(asked, 507, null);
      default -> apply(decision.failed(asked.round, asked.slot));
    }
  }

  private void vote(Asked asked, int status, Timestamp stored) {
    boolean deleted = rules.missing() == WriteRules.Missing.COUNTS_AS_DONE && status == 404;
    boolean lastRound = asked.round == rules.rounds();
    if (asked.round == decision.round()
        && (status == rules.done() || deleted || (status == 409 && lastRound))) {
      acknowledged.add(asked.voter);
    }
    apply(decision.answered(asked.round, asked.slot, new Vote(asked.voter, status, stored)));
  }

  private void apply(List<Effect> effects) {
    for (Effect effect : effects) {
      switch (effect) {
        case Effect.Ask ask -> ask(ask.slot());
        case Effect.Repeat repeat -> {
          acknowledged.clear();
          nextDevice = 0;
          apply(decision.start());
        }
        case Effect.Grace asked -> grace = true;
        case Effect.Finish finish -> outcome = finish.outcome();
        case Effect.Begin begin -> throw new AssertionError(begin);
        case Effect.Drop drop -> throw new AssertionError(drop);
      }
    }
  }

  private void ask(int slot) {
    if (nextDevice == devices) {
      apply(decision.exhausted(decision.round(), slot));
      return;
    }
    int device = nextDevice++;
    boolean handoff = device >= rules.durability().replicas();
    open.add(new Asked(decision.round(), slot, new Voter("d" + device, "s" + device, handoff)));
  }
}
