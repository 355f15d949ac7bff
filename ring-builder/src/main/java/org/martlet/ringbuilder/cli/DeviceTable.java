package org.martlet.ringbuilder.cli;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.martlet.common.model.DeviceId;
import org.martlet.common.ring.RingDevice;
import org.martlet.ringbuilder.builder.RingBuilder;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// The table of devices under the builder's summary, in Swift's columns.
final class DeviceTable {
  private static final String[] TITLES = {
    "Devices:   id",
    "region",
    "zone",
    "ip address:port",
    "replication ip:port",
    "name",
    "weight",
    "partitions",
    "balance",
    "flags",
    "meta"
  };

  private DeviceTable() {}

  /// Lines without line ends, the titles first; devices by region, zone, ip and name.
  static List<String> lines(RingBuilder builder, List<RingDevice> devices) {
    Map<DeviceId, Double> balances = builder.balances();
    List<String[]> cells =
        devices.stream()
            .sorted(
                Comparator.comparingInt(RingDevice::region)
                    .thenComparingInt(RingDevice::zone)
                    .thenComparing(RingDevice::ip)
                    .thenComparing(RingDevice::device))
            .map(device -> cells(builder, device, balances.getOrDefault(device.id(), 0.0)))
            .toList();
    int[] widths = new int[TITLES.length];
    for (int column = 0; column < widths.length; column++) {
      int at = column;
      int widest = cells.stream().mapToInt(row -> row[at].length()).max().orElse(0);
      widths[column] = Math.max(TITLES[column].length(), widest);
    }
    List<String> lines = new ArrayList<>();
    lines.add(line(TITLES, widths));
    cells.forEach(row -> lines.add(line(row, widths)));
    return lines;
  }

  /// The devices for programs.
  static ArrayNode json(RingBuilder builder, List<RingDevice> devices) {
    Map<DeviceId, Double> balances = builder.balances();
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
      node.put("partitions", builder.partitionsOn(device.id()));
      node.put("balance", balances.getOrDefault(device.id(), 0.0));
      node.put("removed", builder.removed().contains(device.id()));
      node.put("meta", device.meta());
    }
    return array;
  }

  private static String[] cells(RingBuilder builder, RingDevice device, double balance) {
    return new String[] {
      device.id().toString(),
      Integer.toString(device.region()),
      Integer.toString(device.zone()),
      device.address(),
      device.replicationAddress(),
      device.device(),
      String.format(Locale.ROOT, "%.2f", device.weight()),
      Integer.toString(builder.partitionsOn(device.id())),
      String.format(Locale.ROOT, "%.2f", balance),
      builder.removed().contains(device.id()) ? "DEL" : "",
      device.meta()
    };
  }

  private static String line(String[] cells, int[] widths) {
    StringBuilder line = new StringBuilder();
    for (int column = 0; column < cells.length; column++) {
      if (column == cells.length - 1) {
        line.append(cells[column]);
      } else {
        line.append(" ".repeat(widths[column] - cells[column].length())).append(cells[column]);
        line.append(' ');
      }
    }
    return line.toString().stripTrailing();
  }
}
