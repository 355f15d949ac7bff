package org.martlet.common.disk;

/// The mains of a machine whose disks are fakes: it counts their calls and cuts the power at one of
/// them, so that a test can run a scenario once to learn the number of calls and then crash at
/// each.
///
/// Threads: any.
public final class PowerSwitch {
  private volatile Runnable beforeCall = () -> {};
  private long calls;
  private long cutAt = Long.MAX_VALUE;
  private boolean cut;

  /// From now on this is run before each call, on its thread, with the fake's lock held: what has
  /// been done so far can then be looked at as a power loss would leave it.
  public void beforeEachCall(Runnable observer) {
    beforeCall = observer;
  }

  /// Cuts the power in the middle of the n-th call from the start (1 is the first): a change is
  /// under way then, and may or may not reach the disk.
  public synchronized PowerSwitch cutAt(long call) {
    cutAt = call;
    return this;
  }

  /// Cuts the power now.
  public synchronized void cut() {
    cut = true;
  }

  public synchronized boolean isCut() {
    return cut;
  }

  /// Calls so far.
  public synchronized long calls() {
    return calls;
  }

  /// At the start of each call of a fake.
  ///
  /// @return whether the power goes in the middle of this call: let it take volatile effect, then
  ///     throw [PowerLoss]
  /// @throws PowerLoss if it has gone before
  public boolean goesDuringThisCall() {
    if (isCut()) {
      throw new PowerLoss();
    }
    beforeCall.run();
    return count();
  }

  private synchronized boolean count() {
    if (cut) {
      throw new PowerLoss();
    }
    calls++;
    cut = calls >= cutAt;
    return cut;
  }
}
