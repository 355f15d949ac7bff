package org.martlet.common.ring;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The ring that a server works with now, and the one before it.
///
/// The previous ring is kept from the moment at which placement changed until [#settled] says
/// that its partitions have moved: until then a read that finds nothing on the primaries asks
/// the old ones too. A ring that places everything as before (a new address, another weight)
/// takes over without displacing the previous one. So does one that only has more partitions, if
/// there is a previous one: data on its way is still found. If there is none, the ring before it
/// becomes the previous one, since who stands in for a primary depends on the number of partitions.
///
/// - Threads: any. A caller that asks for several things about one ring takes [#current] once.
public final class RingHolder {
  private volatile State state;

  public RingHolder(Ring first) {
    this(first, null);
  }

  /// @param previous the ring before it, from before a restart; null for none
  RingHolder(Ring first, @Nullable Ring previous) {
    this.state = new State(first, previous);
  }

  public Ring current() {
    return state.current;
  }

  /// The ring before the last change of placement, empty if nothing changed or all has settled.
  public Optional<Ring> previous() {
    return Optional.ofNullable(state.previous);
  }

  /// Puts a new ring in charge.
  public synchronized void replace(Ring ring) {
    State old = state;
    state = new State(ring, old.previousOf(ring));
  }

  /// What [#previous] would be with another ring in charge.
  Optional<Ring> previousOf(Ring next) {
    return Optional.ofNullable(state.previousOf(next));
  }

  /// Forgets the previous ring, if it is still this one: every partition that it placed
  /// elsewhere has been moved.
  public synchronized void settled(Ring previous) {
    if (state.previous == previous) {
      state = new State(state.current, null);
    }
  }

  private record State(Ring current, @Nullable Ring previous) {
    @Nullable Ring previousOf(Ring next) {
      boolean stays = next.placesAs(current) || (previous != null && next.hasPrimariesOf(current));
      return stays ? previous : current;
    }
  }
}
