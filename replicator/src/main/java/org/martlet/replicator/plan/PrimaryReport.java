package org.martlet.replicator.plan;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.martlet.common.model.ObjectHash;
import org.martlet.common.replication.HashRange;
import org.martlet.common.replication.RecordClocks;
import org.martlet.common.replication.RecordEntry;

/// What a primary has said of one record. All but [NotPrimary] come only from a device that is a
/// primary of the record's partition by its own ring, and speak of stable storage.
///
/// Equal digests are no report: a record may have changed after the digest and before it was
/// listed.
public sealed interface PrimaryReport {

  /// By its own ring it is no primary of the partition: its ring or ours is old.
  record NotPrimary() implements PrimaryReport {}

  /// It has nothing.
  record Lacks() implements PrimaryReport {}

  /// It has this.
  record Holds(RecordClocks clocks) implements PrimaryReport {}

  /// It has merged our record, or had it already.
  ///
  /// @param sequence that our record had on our device when it was sent
  /// @param now what it has since
  record Merged(long sequence, RecordClocks now) implements PrimaryReport {}

  /// The reports that a primary's listing makes of copies listed here, as far as both pages reach.
  ///
  /// @throws IllegalArgumentException if the pages begin at different hashes
  static Map<ObjectHash, PrimaryReport> ofListing(RecordPage copies, RecordPage primarys) {
    HashRange common = copies.common(primarys);
    Map<ObjectHash, RecordClocks> held = new HashMap<>();
    primarys.entries().forEach(entry -> held.put(entry.hash(), entry.clocks()));
    Map<ObjectHash, PrimaryReport> reports = new HashMap<>();
    for (RecordEntry copy : copies.entries()) {
      if (common.contains(copy.hash())) {
        @Nullable RecordClocks clocks = held.get(copy.hash());
        reports.put(copy.hash(), clocks == null ? new Lacks() : new Holds(clocks));
      }
    }
    return reports;
  }
}
