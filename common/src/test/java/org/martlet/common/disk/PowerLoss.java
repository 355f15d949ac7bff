package org.martlet.common.disk;

/// Thrown by every operation from the moment that a [PowerSwitch] was cut: the machine is gone.
/// Code under test must let it pass; nothing that it does afterwards reaches the disk.
public final class PowerLoss extends Error {
  public PowerLoss() {
    super("the power is cut", null, false, false);
  }
}
