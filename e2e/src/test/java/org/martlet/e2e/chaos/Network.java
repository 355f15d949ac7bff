package org.martlet.e2e.chaos;

import java.util.List;

/// Where the members of a cluster live: member 0 is the proxy, the others are storage nodes.
interface Network extends AutoCloseable {
  /// The member's address.
  String address(int member);

  /// What a command of that member begins with.
  List<String> prefix(int member);

  /// Whether members can be cut off from each other.
  boolean canCut();

  /// From now on nothing that one sends reaches the other; nobody is told.
  void cut(int from, int to);

  /// Undoes every cut.
  void heal();

  @Override
  void close();
}
