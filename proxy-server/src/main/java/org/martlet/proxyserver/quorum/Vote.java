package org.martlet.proxyserver.quorum;

import org.jspecify.annotations.Nullable;
import org.martlet.common.model.Timestamp;

/// What one device answered.
///
/// @param voter who
/// @param status 200 to 599
/// @param stored the newest clock that the device knows of (`X-Backend-Timestamp`), null if it did
///     not say
public record Vote(Voter voter, int status, @Nullable Timestamp stored) {
  /// A device that answers.
  ///
  /// @param device names the device in the whole cluster
  /// @param server names the machine: devices with the same name fail together
  /// @param handoff whether the device stands in for a primary
  public record Voter(String device, String server, boolean handoff) {}

  /// 2 for 200 to 299, and so on.
  public int statusClass() {
    return status / 100;
  }

  /// A handoff that never heard of the thing: this says nothing about whether it exists.
  public boolean saysNothing() {
    return status == 404 && voter.handoff() && stored == null;
  }
}
