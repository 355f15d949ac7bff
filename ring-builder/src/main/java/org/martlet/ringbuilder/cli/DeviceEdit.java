package org.martlet.ringbuilder.cli;

import org.jspecify.annotations.Nullable;
import org.martlet.common.ring.RingDevice;

/// What is to change about a device; what is not given stays as it is.
final class DeviceEdit {
  private @Nullable Integer region;
  private @Nullable Integer zone;
  private @Nullable String ip;
  private @Nullable Integer port;
  private @Nullable String replicationIp;
  private @Nullable Integer replicationPort;
  private @Nullable String name;
  private @Nullable Double weight;
  private @Nullable String meta;
  private boolean empty = true;

  DeviceEdit region(@Nullable Integer value) {
    region = given(value);
    return this;
  }

  DeviceEdit zone(@Nullable Integer value) {
    zone = given(value);
    return this;
  }

  DeviceEdit ip(@Nullable String host) throws CliException {
    ip = given(host == null ? null : DeviceNotation.host(host));
    return this;
  }

  DeviceEdit port(@Nullable Integer value) {
    port = given(value);
    return this;
  }

  DeviceEdit replicationIp(@Nullable String host) throws CliException {
    replicationIp = given(host == null ? null : DeviceNotation.host(host));
    return this;
  }

  DeviceEdit replicationPort(@Nullable Integer value) {
    replicationPort = given(value);
    return this;
  }

  DeviceEdit name(@Nullable String value) {
    name = given(value);
    return this;
  }

  DeviceEdit weight(@Nullable Double value) {
    weight = given(value);
    return this;
  }

  DeviceEdit meta(@Nullable String value) {
    meta = given(value);
    return this;
  }

  /// Whether nothing was given.
  boolean isEmpty() {
    return empty;
  }

  /// The device as it is afterwards.
  ///
  /// @throws CliException if no device can be so
  RingDevice of(RingDevice device) throws CliException {
    try {
      return new RingDevice(
          device.id(),
          either(region, device.region()),
          either(zone, device.zone()),
          either(ip, device.ip()),
          either(port, device.port()),
          either(replicationIp, device.replicationIp()),
          either(replicationPort, device.replicationPort()),
          either(name, device.device()),
          either(weight, device.weight()),
          either(meta, device.meta()));
    } catch (IllegalArgumentException e) {
      throw new CliException(String.valueOf(e.getMessage()));
    }
  }

  private <T> @Nullable T given(@Nullable T value) {
    empty &= value == null;
    return value;
  }

  private static <T> T either(@Nullable T given, T old) {
    return given == null ? old : given;
  }
}
