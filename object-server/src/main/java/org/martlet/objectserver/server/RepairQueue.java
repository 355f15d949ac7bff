package org.martlet.objectserver.server;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.martlet.objectserver.state.ObjectKey;

/// What a device knows to be in need of repair, for the replicator to see to at once: a hint only,
/// since a pass finds all of it, so that it is kept in memory, bounded, and lost with the process.
///
/// Invariant: each object is in it at most once, unless its entry was handed out: then what was
/// noted since has an entry of its own, which outlives that the first is confirmed.
///
/// - Threads: any; does not block.
final class RepairQueue {
  static final int LIMIT = 20_000;

  /// Why an object is in need of repair; a later one takes the place of an earlier one.
  enum Reason {
    /// Some replicas lack what this device has.
    MISSED("missed"),
    /// It was stored here, though this device is no primary of it.
    HANDOFF("handoff"),
    /// The copy here was damaged and is gone.
    DAMAGED("damaged");

    private final String word;

    Reason(String word) {
      this.word = word;
    }

    String word() {
      return word;
    }
  }

  /// @param id grows, also from one start of the server to the next
  record Repair(long id, ObjectKey key, Reason reason) {}

  private final TreeMap<Long, Repair> waiting = new TreeMap<>();
  private final Map<ObjectKey, Repair> newest = new HashMap<>();
  private long nextId;
  private long handedOut;
  private long dropped;

  /// @param millis now, so that ids are above those of earlier starts
  RepairQueue(long millis) {
    this.nextId = Math.max(1, millis) << 10;
    this.handedOut = nextId - 1;
  }

  synchronized void add(ObjectKey key, Reason reason) {
    Repair known = newest.get(key);
    if (known != null && known.id() > handedOut) {
      if (known.reason().compareTo(reason) < 0) {
        put(new Repair(known.id(), key, reason));
      }
      return;
    }
    if (waiting.size() >= LIMIT) {
      dropped++;
      return;
    }
    put(new Repair(nextId++, key, reason));
  }

  private void put(Repair repair) {
    waiting.put(repair.id(), repair);
    newest.put(repair.key(), repair);
  }

  /// The oldest entries after one; that and all before are seen to and forgotten.
  ///
  /// @param after 0 to begin at the oldest
  synchronized List<Repair> after(long after, int limit) {
    Iterator<Repair> done = waiting.headMap(after, true).values().iterator();
    while (done.hasNext()) {
      Repair repair = done.next();
      newest.remove(repair.key(), repair);
      done.remove();
    }
    List<Repair> page = new ArrayList<>();
    for (Repair repair : waiting.values()) {
      if (page.size() == limit) {
        break;
      }
      page.add(repair);
      handedOut = Math.max(handedOut, repair.id());
    }
    return page;
  }

  synchronized int size() {
    return waiting.size();
  }

  /// How many there was no room for.
  synchronized long dropped() {
    return dropped;
  }
}
