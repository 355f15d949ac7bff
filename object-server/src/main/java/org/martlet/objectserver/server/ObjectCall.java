package org.martlet.objectserver.server;

import java.time.InstantSource;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.martlet.common.http.Headers;
import org.martlet.common.http.Refused;
import org.martlet.common.http.ServerRequest;
import org.martlet.common.model.ObjectPath;
import org.martlet.common.model.Timestamp;
import org.martlet.common.protocol.BackendHeaders;
import org.martlet.objectserver.state.ObjectKey;
import org.martlet.objectserver.state.ObjectState;
import org.martlet.objectserver.store.StoreFault;

/// A request for one object, its path and policy understood.
record ObjectCall(ServerRequest server, Device device, ObjectPath path, ObjectKey key) {
  Headers headers() {
    return server.request().headers();
  }

  /// The clock of a change.
  ///
  /// @throws Refused 400 if there is none or it is not understood
  Timestamp timestamp() {
    String value = headers().get(BackendHeaders.TIMESTAMP);
    if (value == null) {
      throw new Refused(400, "Missing X-Timestamp header");
    }
    return timestamp(BackendHeaders.TIMESTAMP, value);
  }

  /// The moment at which a read looks: the sender's, where it says one.
  Timestamp readTime(InstantSource clock) {
    String value = headers().get(BackendHeaders.TIMESTAMP);
    return value == null
        ? Timestamp.of(clock.instant())
        : timestamp(BackendHeaders.TIMESTAMP, value);
  }

  static Timestamp timestamp(String name, String value) {
    try {
      return Timestamp.parse(value.strip());
    } catch (IllegalArgumentException e) {
      throw new Refused(400, "Invalid " + name + " header");
    }
  }

  /// What the device has of the object; nothing where that was found damaged just now. Blocks.
  Optional<ObjectState> stored() throws StoreFault {
    try {
      return device.store().read(key).map(object -> object.record().state());
    } catch (StoreFault.Damaged e) {
      return Optional.empty();
    }
  }

  /// Whether this is a copy between replicas.
  boolean isReplication() {
    return isTrue(BackendHeaders.REPLICATION);
  }

  /// Whether an expired object is to be treated as if it were not.
  boolean opensExpired() {
    return isReplication() || isTrue(BackendHeaders.OPEN_EXPIRED);
  }

  boolean isTrue(String name) {
    return saysTrue(headers().get(name));
  }

  /// Swift's words for true.
  static boolean saysTrue(@Nullable String value) {
    return value != null
        && switch (value.strip().toLowerCase(Locale.ROOT)) {
          case "true", "1", "yes", "on", "t", "y" -> true;
          default -> false;
        };
  }
}
