package org.martlet.common.runtime;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

/// Whether a process should be given work now, and if not, why: what a load balancer or a script
/// that starts servers one after the other wants to know. Not whether it is alive.
///
/// - Invariant: a process starts, serves, then stops, and never goes back.
/// - Threads: any.
public final class Readiness {
  private enum Phase {
    STARTING,
    SERVING,
    STOPPING
  }

  private final List<Supplier<Optional<String>>> parts = new CopyOnWriteArrayList<>();
  private final AtomicReference<Phase> phase = new AtomicReference<>(Phase.STARTING);

  /// Adds a part.
  ///
  /// @param whyNot the reason that it cannot do its work, if there is one, in a line for an
  ///     operator; is asked often and must not block
  public void add(Supplier<Optional<String>> whyNot) {
    parts.add(whyNot);
  }

  /// All parts run.
  public void started() {
    phase.compareAndSet(Phase.STARTING, Phase.SERVING);
  }

  /// From now on the process wants no work.
  public void stopping() {
    phase.set(Phase.STOPPING);
  }

  /// Every reason not to give it work; empty if it is ready.
  public List<String> whyNot() {
    List<String> reasons = new ArrayList<>();
    switch (phase.get()) {
      case STARTING -> reasons.add("starting: not all servers of the process run yet");
      case STOPPING -> reasons.add("stopping: what is under way is finished");
      case SERVING -> {}
    }
    parts.forEach(part -> part.get().ifPresent(reasons::add));
    return reasons;
  }
}
