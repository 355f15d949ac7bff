package org.martlet.e2e.chaos;

/// The ports of every node, and of the proxy.
record Ports(int object, int container, int account, int proxy) {
  int of(String service) {
    return switch (service) {
      case "object" -> object;
      case "container" -> container;
      case "account" -> account;
      default -> throw new IllegalArgumentException("no ring for " + service);
    };
  }
}
