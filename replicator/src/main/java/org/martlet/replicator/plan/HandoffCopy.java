package org.martlet.replicator.plan;

import java.util.OptionalLong;
import org.martlet.common.replication.RecordEntry;

/// A record on a device that is none of its primaries.
///
/// @param listed as it was when the primaries were asked
/// @param sequenceNow the sequence that it has now; empty if it is gone
/// @param listingDue whether a listing has yet to hear of it
public record HandoffCopy(RecordEntry listed, OptionalLong sequenceNow, boolean listingDue) {
  boolean isUnchanged() {
    return sequenceNow.isPresent() && sequenceNow.getAsLong() == listed.sequence();
  }
}
