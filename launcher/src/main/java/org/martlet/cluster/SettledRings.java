package org.martlet.cluster;

/// What a process knows of its own part of a move to a ring.
@FunctionalInterface
public interface SettledRings {
  /// Whether nothing is left on this process's devices that by this version of a ring belongs
  /// elsewhere.
  ///
  /// @param ring its name, without `.ring.gz`
  boolean hasSettled(String ring, long version);
}
