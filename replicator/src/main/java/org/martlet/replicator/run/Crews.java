package org.martlet.replicator.run;

import java.util.concurrent.Semaphore;

/// Who does which kind of work on a node. Each kind has a crew of its own, so that what is urgent
/// does not wait until a comparison with a peer that lacks millions of records is through.
///
/// @param repairs of single records
/// @param catchUps of devices that are back
/// @param handoffs that passes give away
/// @param comparisons of passes, a peer at a time
record Crews(Crew repairs, Crew catchUps, Crew handoffs, Crew comparisons) {
  /// @param concurrency steps of each kind that run at once
  static Crews of(int concurrency) {
    return new Crews(crew(concurrency), crew(concurrency), crew(concurrency), crew(concurrency));
  }

  private static Crew crew(int concurrency) {
    return Crew.of(new Semaphore(concurrency));
  }

  /// Everything one after the other, in the caller's thread.
  static Crews inline() {
    Crew inline = Crew.inline();
    return new Crews(inline, inline, inline, inline);
  }
}
