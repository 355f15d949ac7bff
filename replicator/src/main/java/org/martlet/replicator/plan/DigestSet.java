package org.martlet.replicator.plan;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.martlet.common.model.Digest;

/// The digests that one device has of partitions or of leaves. What it does not name is empty
/// there: absent and [Digest#ZERO] are the same.
///
/// - Threads: any; immutable.
///
/// @param <K> [org.martlet.common.model.PartitionId] for roots, [Leaf] for leaves
public final class DigestSet<K extends Comparable<K>> {
  private final NavigableMap<K, Digest> digests;

  private DigestSet(NavigableMap<K, Digest> digests) {
    this.digests = digests;
  }

  /// Copies the map.
  public static <K extends Comparable<K>> DigestSet<K> of(Map<K, Digest> digests) {
    NavigableMap<K, Digest> nonEmpty = new TreeMap<>(digests);
    nonEmpty.values().removeIf(Digest.ZERO::equals);
    return new DigestSet<>(nonEmpty);
  }

  /// [Digest#ZERO] where there is nothing.
  public Digest digest(K key) {
    return digests.getOrDefault(key, Digest.ZERO);
  }

  /// Where there is something, in order: of a handoff partition, the leaves to give away.
  public List<K> nonEmpty() {
    return List.copyOf(digests.keySet());
  }

  /// Where the two differ, in order.
  public List<K> differing(DigestSet<K> other) {
    NavigableSet<K> either = new TreeSet<>(digests.keySet());
    either.addAll(other.digests.keySet());
    return differing(other, either);
  }

  /// Where the two differ, among these, in the order of these; what else a peer names is not
  /// looked at.
  public List<K> differing(DigestSet<K> other, Collection<K> among) {
    return among.stream().filter(key -> !digest(key).equals(other.digest(key))).toList();
  }
}
