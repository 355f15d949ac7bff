package org.martlet.replicator.run;

import java.util.List;
import org.martlet.common.model.ObjectHash;

/// What a device wants to have repaired before a pass finds it.
public interface RepairSource {
  /// Why a record is to be repaired.
  enum Reason {
    /// It is stored on the device, which is none of its primaries.
    HANDOFF,
    /// Other replicas lack it.
    MISSED,
    /// The device's own copy was damaged and is gone.
    DAMAGED
  }

  /// @param id grows from repair to repair
  record Repair(long id, int policy, ObjectHash hash, Reason reason) {}

  /// @param dropped how many the device had no room for, since it was opened
  record Repairs(List<Repair> repairs, long dropped) {
    public Repairs {
      repairs = List.copyOf(repairs);
    }
  }

  /// What came after a repair that was read before, oldest first.
  ///
  /// @param after the id of the last one read, 0 to begin with
  /// @param limit how many at most
  Repairs repairs(long after, int limit) throws ReplicaFault;
}
