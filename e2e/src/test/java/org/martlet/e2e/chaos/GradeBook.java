package org.martlet.e2e.chaos;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;

/// Which grades were in force since when: what a read may be held to is decided by the worst during
/// all of it.
///
/// Threads: any.
final class GradeBook {
  private static final int KEPT = 1000;

  private record Entry(long nanos, Grade grade) {}

  private final Deque<Entry> entries = new ArrayDeque<>();

  GradeBook(Grade first) {
    entries.addLast(new Entry(System.nanoTime(), first));
  }

  synchronized void set(Grade grade) {
    entries.addLast(new Entry(System.nanoTime(), grade));
    if (entries.size() > KEPT) {
      entries.removeFirst();
    }
  }

  /// The worst grade that was in force at any time since then.
  ///
  /// @param nanos of [System#nanoTime]
  synchronized Grade worstSince(long nanos) {
    Grade worst = Grade.CALM;
    for (Iterator<Entry> back = entries.descendingIterator(); back.hasNext(); ) {
      Entry entry = back.next();
      worst = worst.worse(entry.grade());
      if (entry.nanos() <= nanos) {
        break;
      }
    }
    return worst;
  }
}
