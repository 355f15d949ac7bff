package org.martlet.ringbuilder.cli;

import org.jspecify.annotations.Nullable;
import org.martlet.common.ring.RingDevice;
import picocli.CommandLine.Option;

/// The options that describe a device, to add or to find it.
final class DeviceOptions {
  @Option(
      names = {"-u", "--id"},
      paramLabel = "<id>",
      description = "Device id (to search).")
  private @Nullable Integer id;

  @Option(
      names = {"-r", "--region"},
      paramLabel = "<region>",
      description = "Region.")
  private @Nullable Integer region;

  @Option(
      names = {"-z", "--zone"},
      paramLabel = "<zone>",
      description = "Zone.")
  private @Nullable Integer zone;

  @Option(
      names = {"-i", "--ip"},
      paramLabel = "<host>",
      description = "IP address or host name.")
  private @Nullable String ip;

  @Option(
      names = {"-p", "--port"},
      paramLabel = "<port>",
      description = "Port.")
  private @Nullable Integer port;

  @Option(
      names = {"-j", "--replication-ip"},
      paramLabel = "<host>",
      description = "Address for replication, by default the same.")
  private @Nullable String replicationIp;

  @Option(
      names = {"-q", "--replication-port"},
      paramLabel = "<port>",
      description = "Port for replication, by default the same.")
  private @Nullable Integer replicationPort;

  @Option(
      names = {"-d", "--device"},
      paramLabel = "<name>",
      description = "Directory name of the device, e.g. sdb1.")
  private @Nullable String device;

  @Option(
      names = {"-w", "--weight"},
      paramLabel = "<weight>",
      description = "Weight.")
  private @Nullable Double weight;

  @Option(
      names = {"-m", "--meta"},
      paramLabel = "<text>",
      description = "Free text.")
  private @Nullable String meta;

  boolean given() throws CliException {
    return !search().isEmpty();
  }

  DeviceSearch search() throws CliException {
    return new DeviceSearch()
        .id(id)
        .region(region)
        .zone(zone)
        .ip(ip)
        .port(port)
        .replicationIp(replicationIp)
        .replicationPort(replicationPort)
        .name(device)
        .weight(weight)
        .meta(meta);
  }

  RingDevice toAdd() throws CliException {
    String host = DeviceNotation.host(required("--ip", ip));
    int onPort = required("--port", port);
    return DeviceNotation.device(
        required("--region", region),
        required("--zone", zone),
        new DeviceNotation.Address(host, onPort),
        new DeviceNotation.Address(
            replicationIp == null ? host : DeviceNotation.host(replicationIp),
            replicationPort == null ? onPort : replicationPort),
        required("--device", device),
        required("--weight", weight),
        meta == null ? "" : meta);
  }

  private static <T> T required(String option, @Nullable T value) throws CliException {
    if (value == null) {
      throw new CliException("the option " + option + " is missing");
    }
    return value;
  }
}
