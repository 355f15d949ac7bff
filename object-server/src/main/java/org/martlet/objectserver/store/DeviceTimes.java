package org.martlet.objectserver.store;

/// How long the calls of a device take, told to who measures them.
///
/// - Threads: any; who listens must be quick, for the device's threads call it.
public final class DeviceTimes {
  /// Hears of each call that has returned, well or not.
  public interface Listener {
    /// A call of the file system.
    void called(FaultCounts.Operation operation, long nanos);

    /// A group of changes was committed: written, synced and in the index.
    ///
    /// @param changes how many shared the sync
    void committed(int changes, long nanos);
  }

  private static final Listener NOBODY =
      new Listener() {
        @Override
        public void called(FaultCounts.Operation operation, long nanos) {}

        @Override
        public void committed(int changes, long nanos) {}
      };

  private volatile Listener listener = NOBODY;

  /// Has somebody told from now on, in place of whoever was told before.
  public void tell(Listener other) {
    listener = other;
  }

  void called(FaultCounts.Operation operation, long nanos) {
    listener.called(operation, nanos);
  }

  void committed(int changes, long nanos) {
    listener.committed(changes, nanos);
  }
}
