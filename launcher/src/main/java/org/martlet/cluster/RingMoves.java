package org.martlet.cluster;

/// What a process knows of what its devices have and of where a ring places it.
public interface RingMoves extends SettledRings {
  /// Of a process that has no devices.
  RingMoves NO_DEVICES =
      new RingMoves() {
        @Override
        public boolean hasSettled(String ring, long version) {
          return false;
        }

        @Override
        public boolean isComplete(String ring, long version) {
          return true;
        }
      };

  /// Whether what is on this process's devices is also wherever else this version of a ring places
  /// it; false until that is known.
  ///
  /// @param ring its name, without `.ring.gz`
  boolean isComplete(String ring, long version);
}
