package org.martlet.objectserver.store;

import java.time.Duration;

/// The condition of a device.
public sealed interface DeviceStatus {
  /// Reads and writes.
  record Online() implements DeviceStatus {}

  /// Reads; bodies are refused until space returns, deletes still go through.
  record LowSpace() implements DeviceStatus {}

  /// Reads only, until space returns.
  record Full() implements DeviceStatus {}

  /// A write or sync has not returned for longer than the limit; new requests are refused until
  /// it does.
  record Hung(Duration since) implements DeviceStatus {}

  /// Refuses everything until restart: a read of the index, a write or a sync failed.
  record Offline(String reason) implements DeviceStatus {}

  /// Was closed.
  record Closed() implements DeviceStatus {}

  /// Whether requests get anything but a refusal, though it may take no bodies.
  default boolean answers() {
    return switch (this) {
      case Online online -> true;
      case LowSpace low -> true;
      case Full full -> true;
      case Hung hung -> false;
      case Offline offline -> false;
      case Closed closed -> false;
    };
  }
}
