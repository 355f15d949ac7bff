package org.martlet.e2e.chaos;

import java.util.Set;

/// What the controller can do to a node, to the proxy, or to the rings.
enum FaultKind {
  /// SIGKILL, started again at the end.
  KILL,
  /// SIGTERM, started again at the end.
  RESTART,
  /// SIGSTOP, SIGCONT at the end.
  FREEZE,
  /// Cut off from everybody, both ways.
  ISOLATE(Need.NAMESPACES),
  /// What others send to it is lost.
  DEAF(Need.NAMESPACES),
  /// What it sends to others is lost.
  MUTE(Need.NAMESPACES),
  /// Cut off from the next node only, one way.
  ESTRANGE(Need.NAMESPACES),
  /// No byte is left on its disk.
  FULL(Need.IMAGE),
  /// Its file system finds an error and goes read-only; checked and mounted anew at the end.
  READ_ONLY(Need.IMAGE),
  /// Killed, and what was not synced is gone from its disk.
  POWER(Need.IMAGE),
  /// Syncs of its newest volume answer EIO until it is started again.
  EIO(Need.STRACE),
  /// Started again with its clock minutes off; put right when it is started the next time.
  SKEW(Need.FAKETIME),
  /// Bytes of its volumes and blobs are turned over, while it runs or while it is down.
  ROT(Need.REPAIR),
  /// Killed, and its disk replaced by an empty one.
  WIPE(Need.REPAIR),
  /// The proxy is killed and started again.
  PROXY(),
  /// Weights in all rings change, and the files reach the machines one after the other.
  RING(Need.REPAIR);

  /// What a machine or a cluster must have for it.
  enum Need {
    NAMESPACES,
    IMAGE,
    STRACE,
    FAKETIME,
    REPAIR
  }

  private final Set<Need> needs;

  FaultKind(Need... needs) {
    this.needs = Set.of(needs);
  }

  boolean isPossible(Set<Need> present) {
    return present.containsAll(needs);
  }

  /// Whether acknowledged copies may be gone for good, so that another such fault has to wait until
  /// replicas are whole again.
  boolean isLossy() {
    return this == ROT || this == WIPE;
  }

  /// Whether there is nothing to undo at the end of it.
  boolean isInstant() {
    return this == RING || this == ROT;
  }
}
