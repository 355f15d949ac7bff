package org.martlet.proxyserver.backend;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/// Counts which devices took a change, until the last one that was asked has answered: also those
/// that the client did not wait for.
///
/// - Threads: within the fanout's [SerialEvents].
final class Takers {
  private final int wanted;
  private final Consumer<BackendNode> shortOf;
  private final List<BackendNode> took = new ArrayList<>();
  private int pending;
  private boolean decided;

  /// @param wanted how many copies there should be
  /// @param shortOf hears of a primary that took the change, if fewer than wanted did; where only
  ///     handoffs did, they know themselves that they have to bring it to its place
  Takers(int wanted, Consumer<BackendNode> shortOf) {
    this.wanted = wanted;
    this.shortOf = shortOf;
  }

  /// A device was asked.
  void asked() {
    pending++;
  }

  /// A device that was asked has answered, or will not.
  ///
  /// @param tookIt whether it has the change, or something newer
  void ended(BackendNode node, boolean tookIt) {
    pending--;
    if (tookIt) {
      took.add(node);
    }
    tellIfOver();
  }

  /// Everybody is asked again, with another clock.
  void again() {
    took.clear();
  }

  /// Nobody else will be asked.
  void decided() {
    decided = true;
    tellIfOver();
  }

  private void tellIfOver() {
    if (decided && pending == 0 && took.size() < wanted) {
      took.stream().filter(node -> !node.handoff()).findFirst().ifPresent(shortOf);
    }
  }

  /// Whether an answer means that the device has the change, or something newer. A DELETE leaves a
  /// tombstone also where there was nothing.
  static boolean tookIt(String method, int status) {
    return status / 100 == 2 || status == 409 || (status == 404 && method.equals("DELETE"));
  }
}
