package org.martlet.replicator.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.martlet.common.model.ObjectHash;
import org.martlet.common.replication.HashRange;
import org.martlet.common.replication.RecordEntry;

/// A device in memory: states with sequences, merged as they come.
final class ModelReplica {
  private record Held(ModelState state, long sequence) {}

  private final TreeMap<ObjectHash, Held> records = new TreeMap<>();
  private long sequence;

  static ModelReplica of(Map<ObjectHash, ModelState> states) {
    ModelReplica replica = new ModelReplica();
    states.forEach(replica::merge);
    return replica;
  }

  void merge(ObjectHash hash, ModelState state) {
    Held held = records.get(hash);
    ModelState merged = held == null ? state : held.state().merge(state);
    if (held == null || !merged.equals(held.state())) {
      records.put(hash, new Held(merged, ++sequence));
    }
  }

  /// Merges a pushed state and checks that the push brought the body if the merge needs it.
  PrimaryReport receive(RecordEntry pushed, PushContent content, ModelState state) {
    Held before = records.get(pushed.hash());
    merge(pushed.hash(), state);
    ModelState after = state(pushed.hash());
    boolean sameBody = before != null && after.data().equals(before.state().data());
    if (content == PushContent.STATE && !sameBody) {
      assertThat(after.data().deleted()).as("a body came without bytes").isTrue();
    }
    return new PrimaryReport.Merged(pushed.sequence(), after.clocks());
  }

  ModelState state(ObjectHash hash) {
    return records.get(hash).state();
  }

  boolean contains(ObjectHash hash, ModelState state) {
    return records.containsKey(hash) && state(hash).contains(state);
  }

  RecordEntry entry(ObjectHash hash) {
    Held held = records.get(hash);
    return new RecordEntry(hash, held.state().clocks(), held.sequence());
  }

  RecordPage page(HashRange range, int limit) {
    List<RecordEntry> entries =
        records.subMap(range.first(), true, range.last(), true).keySet().stream()
            .limit(limit)
            .map(this::entry)
            .toList();
    return RecordPage.of(range, entries, limit);
  }

  Map<ObjectHash, ModelState> states() {
    TreeMap<ObjectHash, ModelState> states = new TreeMap<>();
    records.forEach((hash, held) -> states.put(hash, held.state()));
    return Collections.unmodifiableMap(states);
  }
}
