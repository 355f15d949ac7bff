package org.martlet.common.ring;

import org.martlet.common.model.DeviceId;

/// One device of a ring: where it is, how to reach its servers, how much it should hold.
///
/// @param id its index in the ring's device list
/// @param region failure domain, 0 or more; copies go to different regions first
/// @param zone failure domain within the region, 0 or more
/// @param ip address or host name that clients of the device's server use, IPv6 without
///     brackets
/// @param port 1 to 65535
/// @param replicationIp address that replication traffic uses
/// @param replicationPort 1 to 65535
/// @param device the directory name below the server's devices root, e.g. `sdb1`; no slash
/// @param weight relative share of partitions, 0 or more; 0 drains the device
/// @param meta free text of the operator, may be empty
public record RingDevice(
    DeviceId id,
    int region,
    int zone,
    String ip,
    int port,
    String replicationIp,
    int replicationPort,
    String device,
    double weight,
    String meta) {
  public RingDevice {
    if (region < 0 || zone < 0) {
      throw new IllegalArgumentException("region or zone is negative: r" + region + "z" + zone);
    }
    checkHost("ip", ip);
    checkHost("replication ip", replicationIp);
    checkPort("port", port);
    checkPort("replication port", replicationPort);
    if (device.isBlank() || device.indexOf('/') >= 0 || device.equals(".") || device.equals("..")) {
      throw new IllegalArgumentException("not a device name: \"" + device + "\"");
    }
    if (!(weight >= 0) || Double.isInfinite(weight)) {
      throw new IllegalArgumentException("weight is not 0 or more: " + weight);
    }
  }

  /// A device whose replication traffic uses the same address, without meta.
  public static RingDevice of(
      DeviceId id, int region, int zone, String ip, int port, String device, double weight) {
    return new RingDevice(id, region, zone, ip, port, ip, port, device, weight, "");
  }

  /// `host:port`, IPv6 in brackets.
  public String address() {
    return hostAndPort(ip, port);
  }

  /// `host:port` of the replication server, IPv6 in brackets.
  public String replicationAddress() {
    return hostAndPort(replicationIp, replicationPort);
  }

  /// Swift's notation: `d0r1z2-10.0.0.1:6200R10.1.0.1:6200/sdb1_"meta"`.
  public String label() {
    return "d"
        + id
        + "r"
        + region
        + "z"
        + zone
        + "-"
        + address()
        + "R"
        + replicationAddress()
        + "/"
        + device
        + "_\""
        + meta
        + "\"";
  }

  private static String hostAndPort(String host, int port) {
    return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
  }

  private static void checkHost(String what, String host) {
    boolean good = !host.isEmpty() && host.chars().allMatch(RingDevice::isHostCharacter);
    if (!good) {
      throw new IllegalArgumentException("not a valid " + what + ": \"" + host + "\"");
    }
  }

  /// Host names, IPv4, IPv6 with a scope: whatever else is in a request line or a shell is
  /// refused.
  private static boolean isHostCharacter(int c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || ".:-_%".indexOf(c) >= 0;
  }

  private static void checkPort(String what, int port) {
    if (port < 1 || port > 65535) {
      throw new IllegalArgumentException(what + " is not in 1..65535: " + port);
    }
  }
}
