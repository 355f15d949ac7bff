package org.martlet.common.ring;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.martlet.common.model.DeviceId;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// The list of devices in a ring file: a device's index is its id, `null` is a hole.
///
/// Unknown keys are ignored; those that old writers left out have Swift's defaults.
final class RingDevicesJson {
  private RingDevicesJson() {}

  static void print(Ring ring, ArrayNode devs) {
    for (RingDevice device : ring.devices()) {
      while (devs.size() < device.id().value()) {
        devs.addNull();
      }
      print(device, devs.addObject());
    }
  }

  private static void print(RingDevice device, ObjectNode to) {
    to.put("device", device.device());
    to.put("id", device.id().value());
    to.put("ip", device.ip());
    to.put("meta", device.meta());
    to.put("port", device.port());
    to.put("region", device.region());
    to.put("replication_ip", device.replicationIp());
    to.put("replication_port", device.replicationPort());
    to.put("weight", device.weight());
    to.put("zone", device.zone());
  }

  /// @throws IllegalArgumentException if the list is not one of devices
  static List<RingDevice> parse(JsonNode devs) {
    if (!devs.isArray()) {
      throw new IllegalArgumentException("there is no list of devices");
    }
    List<RingDevice> devices = new ArrayList<>();
    int index = 0;
    for (JsonNode dev : devs) {
      if (!dev.isNull()) {
        devices.add(device(dev, index));
      }
      index++;
    }
    return devices;
  }

  private static RingDevice device(JsonNode dev, int index) {
    try {
      int id = integer(dev, "id", index);
      if (id != index) {
        throw new IllegalArgumentException("its id is " + id);
      }
      String ip = text(dev, "ip", null);
      int port = integer(dev, "port", null);
      return new RingDevice(
          new DeviceId(id),
          integer(dev, "region", 1),
          integer(dev, "zone", null),
          ip,
          port,
          text(dev, "replication_ip", ip),
          integer(dev, "replication_port", port),
          text(dev, "device", null),
          weight(dev),
          text(dev, "meta", ""));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("device " + index + ": " + e.getMessage(), e);
    }
  }

  private static double weight(JsonNode dev) {
    JsonNode node = dev.path("weight");
    if (!node.isNumber()) {
      throw new IllegalArgumentException("weight is not a number: " + node);
    }
    return node.doubleValue();
  }

  private static String text(JsonNode of, String key, @Nullable String absent) {
    JsonNode node = of.path(key);
    if ((node.isMissingNode() || node.isNull()) && absent != null) {
      return absent;
    }
    if (!node.isString()) {
      throw new IllegalArgumentException("\"" + key + "\" is not a text");
    }
    return node.stringValue();
  }

  static int integer(JsonNode of, String key, @Nullable Integer absent) {
    JsonNode node = of.path(key);
    if ((node.isMissingNode() || node.isNull()) && absent != null) {
      return absent;
    }
    if (!node.isIntegralNumber() || !node.canConvertToInt()) {
      throw new IllegalArgumentException("\"" + key + "\" is not a whole number");
    }
    return node.intValue();
  }
}
