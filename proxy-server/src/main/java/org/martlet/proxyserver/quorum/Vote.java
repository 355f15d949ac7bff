package org.martlet.proxyserver.quorum;

import org.jspecify.annotations.Nullable;
import org.martlet.common.model.Timestamp;

/// What one device answered.
///
/// @param voter who
/// @param status 200 to 599
/// @param stored the newest clock that the device knows of (`X-Backend-Timestamp`), null if it did
///     not say
/// @param data the clock of the body or the tombstone (`X-Backend-Data-Timestamp`), null if it did
///     not say: then `stored` stands for it
public record Vote(Voter voter, int status, @Nullable Timestamp stored, @Nullable Timestamp data) {
  public Vote(Voter voter, int status, @Nullable Timestamp stored) {
    this(voter, status, stored, null);
  }

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

  /// Whether this shows a later state than that. The body's clock comes first: a replica that
  /// missed a PUT or DELETE and then took a POST has newer metadata on an older body.
  public boolean isNewerThan(Vote other) {
    int bodies = body().compareTo(other.body());
    return bodies != 0 ? bodies > 0 : any(stored).isAfter(any(other.stored));
  }

  private Timestamp body() {
    return any(data != null ? data : stored);
  }

  private static Timestamp any(@Nullable Timestamp clock) {
    return clock == null ? Timestamp.ZERO : clock;
  }
}
