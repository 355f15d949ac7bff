package org.martlet.role;

import java.util.Set;
import java.util.function.Predicate;
import org.martlet.common.http.Endpoint;
import org.martlet.common.http.HttpServerConfig;
import org.martlet.common.ring.RingDevice;

/// A service of this process as its own background work reaches it.
///
/// @param endpoint where it listens
/// @param devices the names of its devices
/// @param isHere which devices of a ring it serves
record LocalServer(Endpoint endpoint, Set<String> devices, Predicate<RingDevice> isHere) {
  LocalServer {
    devices = Set.copyOf(devices);
  }

  /// @param port that it got
  static LocalServer of(
      HttpServerConfig config, int port, Set<String> devices, Predicate<RingDevice> isHere) {
    String host =
        switch (config.host()) {
          case "0.0.0.0" -> "127.0.0.1";
          case "::" -> "::1";
          default -> config.host();
        };
    return new LocalServer(new Endpoint(host, port), devices, isHere);
  }

  /// Tells one of its devices in any ring.
  Predicate<RingDevice> named(String device) {
    return found -> found.device().equals(device) && isHere.test(found);
  }
}
