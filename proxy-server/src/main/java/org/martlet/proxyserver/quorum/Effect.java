package org.martlet.proxyserver.quorum;

import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.martlet.common.model.Timestamp;

/// What a decision wants its driver to do next.
///
/// A *slot* is one of the n copies that are wanted; whoever stands in for a failed device works in
/// its slot. A *round* begins at 1; [Repeat] starts the next one, and answers that belong to an
/// earlier round are ignored.
public sealed interface Effect {
  /// Ask the next device that was not asked in this round on behalf of a slot; tell the decision if
  /// there is none left.
  record Ask(int slot) implements Effect {}

  /// Take a clock above this one and start over: ask a device for every slot.
  record Repeat(Timestamp above) implements Effect {}

  /// Let the decision know when the short grace for the others is over, counted from now.
  record Grace() implements Effect {}

  /// Send the body to these slots; every other one is given up.
  record Begin(Set<Integer> slots) implements Effect {}

  /// Give up on a slot: it is too slow, and the others are enough.
  record Drop(int slot) implements Effect {}

  /// It is decided; further events change nothing.
  ///
  /// @param abort whether requests still under way must not take effect
  record Finish(Outcome outcome, boolean abort) implements Effect {}

  /// What to tell the client.
  ///
  /// @param status 503 if too few agreed
  /// @param vote the answer that was chosen, null if there is none
  record Outcome(int status, @Nullable Vote vote) {
    static final Outcome UNAVAILABLE = new Outcome(503, null);

    public boolean isSuccess() {
      return status / 100 == 2;
    }
  }
}
