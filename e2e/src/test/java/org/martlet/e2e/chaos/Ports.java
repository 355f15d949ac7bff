package org.martlet.e2e.chaos;

/// The ports of every node, and of the proxy.
record Ports(int object, int container, int account, int proxy) {
  /// Where the devices of a ring are served: `object`, `object-1` …, `container`, `account`.
  int of(String ring) {
    return switch (ring.replaceFirst("-[0-9]+$", "")) {
      case "object" -> object;
      case "container" -> container;
      case "account" -> account;
      default -> throw new IllegalArgumentException("no ring " + ring);
    };
  }
}
