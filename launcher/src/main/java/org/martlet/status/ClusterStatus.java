package org.martlet.status;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a cluster says of itself at one moment.
///
/// - Shape: as JSON (`docs/status.md`), with the names of the components in snake case. Components
///   are added, not changed or removed, as long as `format` stays.
///
/// @param format of this record: 1
/// @param time of the moment
/// @param healthy whether there is no warning but notes
/// @param warnings the gravest first
/// @param nodes server processes, and addresses at which none answers
/// @param devices of the object rings
/// @param listingDevices of the container and account rings
/// @param replication one for each device and ring
record ClusterStatus(
    int format,
    String time,
    boolean healthy,
    List<Warning> warnings,
    List<Node> nodes,
    List<Device> devices,
    List<ListingDevice> listingDevices,
    List<RingState> rings,
    List<Pass> replication,
    List<Repairs> repairs,
    List<Service> services,
    Outbox outbox,
    Capacity capacity) {
  static final int FORMAT = 1;

  /// How grave a warning is.
  enum Level {
    /// Data or service is at stake.
    CRITICAL,
    /// Somebody should look after it.
    WARNING,
    /// Worth knowing; the cluster is well.
    NOTE
  }

  /// @param about a node or device
  /// @param problem in words
  /// @param advice what to do
  record Warning(Level level, String about, String problem, String advice) {}

  /// @param address the first of its addresses
  /// @param services with their ports: `object 6200`
  /// @param fault why it does not answer; null if it does
  /// @param ready whether it takes requests; null if it does not tell
  /// @param clockSeconds that its clock is ahead of this machine's
  record Node(
      String address,
      List<String> services,
      boolean reachable,
      @Nullable String fault,
      @Nullable String version,
      @Nullable Long uptimeSeconds,
      @Nullable Boolean ready,
      @Nullable Double clockSeconds) {}

  /// @param state `online`, `low_space`, `full`, `hung`, `offline`, `closed`, `refused`,
  ///     `no_answer`, `not_mounted`, `missing` (its server does not know it), `unknown` (its server
  ///     does not answer)
  /// @param reason in words; null where it is not known
  /// @param disk null where it is not known
  /// @param errors operations that the device failed since its server's start
  /// @param waiting requests for a thread of the device
  /// @param queued changes to be committed
  /// @param syncMillis how long a sync of a file takes, the mean since its server's start
  /// @param syncMaxMillis the longest of the last minutes
  /// @param lastAudit when everything on it was last verified; null for never
  /// @param lastPass when it was last compared with all its peers; null for never
  record Device(
      String node,
      String device,
      int region,
      int zone,
      double weight,
      String state,
      @Nullable String reason,
      @Nullable DiskSize disk,
      long objects,
      long bytes,
      long tombstones,
      long writtenBytes,
      long quarantined,
      long errors,
      long waiting,
      long queued,
      @Nullable Double syncMillis,
      @Nullable Double syncMaxMillis,
      @Nullable String lastAudit,
      @Nullable String lastPass,
      List<String> auditAlarms) {}

  /// @param fileSystem tells file systems of one node apart
  record DiskSize(long sizeBytes, long usedBytes, long freeBytes, double fill, String fileSystem) {}

  /// @param service of the ring that names it: `container` or `account`
  record ListingDevice(
      String node, String device, String service, String state, @Nullable String reason) {}

  /// @param version the newest that any server has in force
  /// @param lagging servers with another one
  /// @param settled whether everything is where this version puts it, as far as servers tell
  /// @param here the version that this command read
  /// @param differsHere whether this machine's file of that version is another one than most have
  record RingState(
      String ring,
      long version,
      long here,
      boolean settled,
      List<Lag> lagging,
      boolean differsHere) {}

  /// @param version -1 where it does not know the ring
  /// @param differs whether it has another ring of the same version
  record Lag(String node, long version, boolean differs) {}

  /// Replication of one device by one ring.
  ///
  /// @param waiting why it does not go on
  record Pass(
      String node,
      String device,
      String ring,
      long number,
      String phase,
      long done,
      long left,
      @Nullable Long etaSeconds,
      long bytesPerSecond,
      long movedObjects,
      long movedBytes,
      long handoffPartitions,
      long handoffsKept,
      long handoffsHeld,
      long tombstonesKept,
      @Nullable String lastComplete,
      List<String> waiting,
      List<String> faults) {}

  /// @param lost damaged copies of which nobody had another
  record Repairs(String node, String device, long queued, long done, long dropped, long lost) {}

  /// The expirer, the reaper of accounts, the reconciler of policies, of one node.
  record Service(
      String node,
      String service,
      long done,
      long left,
      long errors,
      boolean running,
      @Nullable String lastPass,
      @Nullable String lastError) {}

  /// Listing updates that are due.
  ///
  /// @param queued in memory
  /// @param due left over, as of the last passes over them
  /// @param oldestSeconds how old the oldest of those is
  record Outbox(long queued, long due, double oldestSeconds) {}

  /// @param rawBytes of all file systems that answer
  /// @param complete whether all devices do
  record Capacity(
      long rawBytes,
      long usedBytes,
      long freeBytes,
      boolean complete,
      List<PolicyCapacity> policies) {}

  /// What one policy could still take, if it alone took all that comes.
  ///
  /// @param storedBytes of objects, copies counted once, as far as devices tell
  /// @param usableBytes that can still be stored before the first device is full; null where a
  ///     device does not tell
  /// @param firstFull the device that limits it; null where there is none
  record PolicyCapacity(
      int policy,
      String name,
      double replicas,
      long objects,
      long storedBytes,
      @Nullable Long usableBytes,
      @Nullable String firstFull) {}
}
