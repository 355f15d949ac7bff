package org.martlet.objectserver.server;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/// How many objects of each policy were found damaged on a device since it was opened.
///
/// Threads: any.
final class QuarantineCounts {
  private final Map<Integer, LongAdder> counts = new ConcurrentHashMap<>();

  void add(int policy) {
    counts.computeIfAbsent(policy, first -> new LongAdder()).increment();
  }

  Map<Integer, Long> byPolicy() {
    Map<Integer, Long> found = new TreeMap<>();
    counts.forEach((policy, count) -> found.put(policy, count.sum()));
    return found;
  }
}
