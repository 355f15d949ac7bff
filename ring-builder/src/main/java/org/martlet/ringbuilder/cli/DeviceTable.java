package org.martlet.ringbuilder.cli;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import org.martlet.common.model.DeviceId;
import org.martlet.common.ring.RingDevice;
import org.martlet.ringbuilder.builder.RingBuilder;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Tables of devices in the columns of Swift's tool, which has two of them.
final class DeviceTable {
  /// From here on an operator should look at a device.
  private static final double NOTABLE_BALANCE = 5;

  private static final String FOUND_TITLES =
      "Devices:    id  region  zone      ip address  port  replication ip  replication port"
          + "      name weight partitions balance meta";

  private DeviceTable() {}

  /// The table under a builder's summary; devices by region, zone, ip and name.
  static void all(RingBuilder builder, Report report) {
    List<RingDevice> devices =
        builder.devices().stream()
            .sorted(
                Comparator.comparingInt(RingDevice::region)
                    .thenComparingInt(RingDevice::zone)
                    .thenComparing(RingDevice::ip)
                    .thenComparing(RingDevice::device))
            .toList();
    Columns columns = Columns.of(devices);
    Map<DeviceId, Double> balances = builder.balances();
    Map<DeviceId, Integer> partitions = builder.partitionsByDevice();
    report.text(report.paint().bold(columns.titles()));
    for (RingDevice device : devices) {
      double balance = balances.getOrDefault(device.id(), 0.0);
      boolean removed = builder.removed().contains(device.id());
      String line =
          columns.line(
              device, partitions.getOrDefault(device.id(), 0), balance, removed ? "DEL" : "");
      report.text(painted(report.paint(), line, removed, builder.everRebalanced() ? balance : 0));
    }
  }

  private static String painted(Paint paint, String line, boolean removed, double balance) {
    if (removed) {
      return paint.red(line);
    }
    return Math.abs(balance) > NOTABLE_BALANCE ? paint.yellow(line) : line;
  }

  /// The table of devices that a search found.
  static void found(RingBuilder builder, List<RingDevice> devices, Report report) {
    Map<DeviceId, Double> balances = builder.balances();
    Map<DeviceId, Integer> partitions = builder.partitionsByDevice();
    report.text(report.paint().bold(FOUND_TITLES));
    for (RingDevice device : devices) {
      String line =
          String.format(
              Locale.ROOT,
              "         %5d %7d %5d %15s %5d %15s %17d %9s %6.2f %10d %7.2f %s",
              device.id().value(),
              device.region(),
              device.zone(),
              device.ip(),
              device.port(),
              device.replicationIp(),
              device.replicationPort(),
              device.device(),
              device.weight(),
              partitions.getOrDefault(device.id(), 0),
              balances.getOrDefault(device.id(), 0.0),
              device.meta());
      report.text(line.stripTrailing());
    }
  }

  /// The devices for programs.
  static ArrayNode json(RingBuilder builder, Collection<RingDevice> devices) {
    Map<DeviceId, Double> balances = builder.balances();
    Map<DeviceId, Integer> partitions = builder.partitionsByDevice();
    ArrayNode array = new JsonMapper().createArrayNode();
    for (RingDevice device : devices) {
      ObjectNode node = array.addObject();
      node.put("id", device.id().value());
      node.put("region", device.region());
      node.put("zone", device.zone());
      node.put("ip", device.ip());
      node.put("port", device.port());
      node.put("replication_ip", device.replicationIp());
      node.put("replication_port", device.replicationPort());
      node.put("device", device.device());
      node.put("weight", device.weight());
      node.put("partitions", partitions.getOrDefault(device.id(), 0));
      node.put("balance", balances.getOrDefault(device.id(), 0.0));
      node.put("removed", builder.removed().contains(device.id()));
      node.put("meta", device.meta());
    }
    return array;
  }

  /// The widths of the columns that grow with what is in them.
  private record Columns(
      int ip, int port, int replicationIp, int replicationPort, int name, int weight) {
    static Columns of(List<RingDevice> devices) {
      return new Columns(
          hostWidth(devices, RingDevice::ip, 10),
          width(devices, device -> Integer.toString(device.port()), 4),
          hostWidth(devices, RingDevice::replicationIp, 14),
          width(devices, device -> Integer.toString(device.replicationPort()), 4),
          width(devices, RingDevice::device, 5),
          width(devices, device -> twoPlaces(device.weight()), 6));
    }

    private static int width(
        List<RingDevice> devices, Function<RingDevice, String> cell, int least) {
      return Math.max(
          least, devices.stream().mapToInt(device -> cell.apply(device).length()).max().orElse(0));
    }

    private static int hostWidth(
        List<RingDevice> devices, Function<RingDevice, String> host, int least) {
      boolean brackets = devices.stream().map(host).anyMatch(text -> text.indexOf(':') >= 0);
      return width(devices, host, least) + (brackets ? 2 : 0);
    }

    String titles() {
      return line(
          "Devices:   id region zone",
          address("ip address", ip, "port", port),
          address("replication ip", replicationIp, "port", replicationPort),
          "name",
          "weight",
          "partitions balance flags meta");
    }

    String line(RingDevice device, int partitions, double balance, String flags) {
      return line(
          String.format(
              Locale.ROOT, "%13d %6d %4d", device.id().value(), device.region(), device.zone()),
          address(inUrl(device.ip()), ip, Integer.toString(device.port()), port),
          address(
              inUrl(device.replicationIp()),
              replicationIp,
              Integer.toString(device.replicationPort()),
              replicationPort),
          device.device(),
          twoPlaces(device.weight()),
          String.format(
              Locale.ROOT, "%10d %7.2f %5s %s", partitions, balance, flags, device.meta()));
    }

    private String line(
        String place, String address, String replication, String name, String share, String rest) {
      String line =
          String.join(" ", place, address, replication, left(name, this.name), left(share, weight));
      return (line + " " + rest).stripTrailing();
    }

    private static String address(String host, int hostWidth, String port, int portWidth) {
      return left(host, hostWidth) + ":" + port + " ".repeat(portWidth - port.length());
    }

    private static String inUrl(String host) {
      return host.indexOf(':') >= 0 ? "[" + host + "]" : host;
    }

    private static String left(String cell, int width) {
      return " ".repeat(Math.max(0, width - cell.length())) + cell;
    }

    private static String twoPlaces(double number) {
      return String.format(Locale.ROOT, "%.2f", number);
    }
  }
}
