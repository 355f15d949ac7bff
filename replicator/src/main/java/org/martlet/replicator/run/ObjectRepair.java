package org.martlet.replicator.run;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.martlet.common.model.ObjectHash;
import org.martlet.common.replication.DataClock;
import org.martlet.common.replication.HashRange;
import org.martlet.common.replication.MergeResult;
import org.martlet.common.replication.RecordEntry;
import org.martlet.common.ring.Ring;
import org.martlet.common.ring.RingDevice;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Repairs single records of a local device.
///
/// @param lost counts damaged copies of which no primary has another
record ObjectRepair(String device, ObjectExchange exchange, Pass pass, AtomicLong lost) {
  private static final Logger LOG = LoggerFactory.getLogger(ObjectRepair.class);

  /// @param hashes of one partition
  /// @return those with which nothing is left to be done
  List<ObjectHash> run(List<ObjectHash> hashes, RepairSource.Reason reason) throws LocalFault {
    Ring ring = pass.ring();
    boolean belongsHere = ring.isPrimary(ring.partition(hashes.getFirst()), pass.self());
    if (!belongsHere) {
      return switch (reason) {
        case DAMAGED -> hashes;
        case HANDOFF, MISSED -> exchange.giveAway(pass, hashes);
      };
    }
    List<ObjectHash> done = new ArrayList<>();
    for (ObjectHash hash : hashes) {
      boolean repaired =
          switch (reason) {
            case DAMAGED -> pullBack(hash);
            case HANDOFF, MISSED -> exchange.bringToOthers(pass, hash);
          };
      if (repaired) {
        done.add(hash);
      }
    }
    return done;
  }

  /// Fetches a copy from the primary that has the newest, or from the next if that fails.
  private boolean pullBack(ObjectHash hash) {
    Ring ring = pass.ring();
    Map<RingDevice, DataClock> copies = new HashMap<>();
    boolean allAnswered = true;
    for (RingDevice primary : ring.primaries(ring.partition(hash))) {
      if (!primary.id().equals(pass.self())) {
        allAnswered &= find(primary, hash, copies);
      }
    }
    List<RingDevice> newestFirst =
        copies.entrySet().stream()
            .sorted(
                Map.Entry.<RingDevice, DataClock>comparingByValue(Comparator.reverseOrder())
                    .thenComparing(entry -> entry.getKey().id()))
            .map(Map.Entry::getKey)
            .toList();
    for (RingDevice from : newestFirst) {
      if (pull(from, hash)) {
        return true;
      }
    }
    if (allAnswered && copies.isEmpty()) {
      lost.incrementAndGet();
      LOG.error("{}: the copy of {} is damaged, and no primary has another", device, hash);
      return true;
    }
    return false;
  }

  /// @return whether the device answered
  private boolean find(RingDevice primary, ObjectHash hash, Map<RingDevice, DataClock> copies) {
    if (!pass.mayAsk(primary)) {
      return false;
    }
    try {
      HashRange one = new HashRange(hash, hash);
      for (RecordEntry entry : exchange.peer(primary).records(one, 1).page().entries()) {
        copies.put(primary, entry.clocks().data());
      }
      return true;
    } catch (ReplicaFault e) {
      pass.failed(primary, e);
      return false;
    }
  }

  private boolean pull(RingDevice from, ObjectHash hash) {
    try {
      Optional<ObjectReplica.Copied> copied = exchange.local().copyFrom(exchange.peer(from), hash);
      copied.ifPresent(made -> pass.progress().moved(1, made.head().frameBytes()));
      return copied
          .filter(made -> made.result().outcome() == MergeResult.Outcome.MERGED)
          .isPresent();
    } catch (ReplicaFault e) {
      pass.failed(from, e);
      return false;
    }
  }
}
