package org.martlet.common.ring;

import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import org.martlet.common.model.DeviceId;
import tools.jackson.core.json.JsonWriteFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// The JSON part of a ring file.
///
/// Unknown keys are ignored, as later writers may add some; keys that old writers left out have
/// Swift's defaults (region 1, replication address = address, no meta, this machine's byte
/// order).
///
/// @param rows the number of assignment rows
/// @param version 0 if absent
record RingJson(
    int partPower,
    int rows,
    ByteOrder byteOrder,
    long version,
    OptionalInt nextPartPower,
    List<RingDevice> devices) {
  private static final JsonMapper MAPPER =
      JsonMapper.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

  private static final int MAX_ROWS = 1024;

  /// Parses and checks.
  ///
  /// @throws IllegalArgumentException if the content is not a ring's
  /// @throws tools.jackson.core.JacksonException if the text is not JSON
  static RingJson parse(byte[] text) {
    JsonNode root = MAPPER.readTree(text);
    if (!root.isObject()) {
      throw new IllegalArgumentException("the JSON part is not an object");
    }
    int shift = integer(root, "part_shift", null);
    if (shift < 32 - Ring.MAX_PART_POWER || shift > 32) {
      throw new IllegalArgumentException(
          "part_shift " + shift + " is not in " + (32 - Ring.MAX_PART_POWER) + "..32");
    }
    int rows = integer(root, "replica_count", null);
    if (rows < 0 || rows > MAX_ROWS) {
      throw new IllegalArgumentException("replica_count " + rows + " is not in 0.." + MAX_ROWS);
    }
    JsonNode next = root.path("next_part_power");
    return new RingJson(
        32 - shift,
        rows,
        byteOrder(root.path("byteorder")),
        version(root.path("version")),
        next.isIntegralNumber() ? OptionalInt.of(next.intValue()) : OptionalInt.empty(),
        devices(root.path("devs")));
  }

  /// The JSON of a ring: keys sorted, ASCII only, so that equal rings give equal bytes.
  static byte[] print(Ring ring) {
    ObjectNode root = MAPPER.createObjectNode();
    root.put("byteorder", "little");
    ArrayNode devs = root.putArray("devs");
    for (RingDevice device : ring.devices()) {
      while (devs.size() < device.id().value()) {
        devs.addNull();
      }
      print(device, devs.addObject());
    }
    ring.nextPartPower().ifPresent(power -> root.put("next_part_power", power));
    root.put("part_shift", 32 - ring.partPower());
    root.put("replica_count", ring.rows());
    if (ring.version() != 0) {
      root.put("version", ring.version());
    }
    return MAPPER.writeValueAsBytes(root);
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

  private static ByteOrder byteOrder(JsonNode node) {
    if (node.isMissingNode() || node.isNull()) {
      return ByteOrder.nativeOrder();
    }
    return switch (node.asString("")) {
      case "little" -> ByteOrder.LITTLE_ENDIAN;
      case "big" -> ByteOrder.BIG_ENDIAN;
      default -> throw new IllegalArgumentException("unknown byteorder: " + node);
    };
  }

  private static long version(JsonNode node) {
    return node.isIntegralNumber() && node.canConvertToLong() ? node.longValue() : 0;
  }

  private static List<RingDevice> devices(JsonNode devs) {
    if (!devs.isArray()) {
      throw new IllegalArgumentException("the JSON part has no list \"devs\"");
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

  private static int integer(JsonNode of, String key, @Nullable Integer absent) {
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
