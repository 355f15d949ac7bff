package org.martlet.proxyserver.quorum;

/// How many of n replicas must have a change before a client hears that it is done.
public enum WriteQuorum {
  /// More than half: any two such sets share a device.
  MAJORITY {
    @Override
    public int of(int replicas) {
      return replicas / 2 + 1;
    }
  },
  /// Half, rounded up, as OpenStack Swift counts; of two or four replicas one or two are enough.
  SWIFT {
    @Override
    public int of(int replicas) {
      return (replicas + 1) / 2;
    }
  };

  /// @param replicas 1 or more
  public abstract int of(int replicas);
}
