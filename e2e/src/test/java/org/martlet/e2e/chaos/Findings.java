package org.martlet.e2e.chaos;

import java.io.PrintStream;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/// What must not be, told at once, and what was done, counted.
///
/// Threads: any.
final class Findings {
  private static final int TOLD = 200;

  private final PrintStream out;
  private final AtomicInteger found = new AtomicInteger();
  private final Map<String, LongAdder> counts = new ConcurrentHashMap<>();

  Findings(PrintStream out) {
    this.out = out;
  }

  /// @param what which promise is broken, in a word
  void add(String what, String details) {
    if (found.incrementAndGet() <= TOLD) {
      say("finding " + what + ": " + details.replace('\n', ' '));
    }
  }

  void say(String line) {
    synchronized (out) {
      out.println(line);
      out.flush();
    }
  }

  int found() {
    return found.get();
  }

  void count(String what) {
    counts.computeIfAbsent(what, key -> new LongAdder()).increment();
  }

  String figures() {
    return new TreeMap<>(counts).toString();
  }
}
