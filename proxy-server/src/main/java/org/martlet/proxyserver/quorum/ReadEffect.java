package org.martlet.proxyserver.quorum;

import org.martlet.proxyserver.quorum.Effect.Outcome;

/// What a [ReadDecision] wants its driver to do next.
public sealed interface ReadEffect {
  /// Ask so many further devices; tell the decision how many were left.
  record Ask(int count) implements ReadEffect {}

  /// Let the decision know when the grace for the others is over, counted from now.
  ///
  /// @param patient whether it is a longer one, because something depends on the others
  record Grace(boolean patient) implements ReadEffect {}

  /// Give this answer to the client and give up all others.
  ///
  /// @param request the number under which the device was asked
  record Use(int request) implements ReadEffect {}

  /// There is no answer to pass on.
  record Finish(Outcome outcome) implements ReadEffect {}
}
