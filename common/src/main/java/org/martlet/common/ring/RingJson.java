package org.martlet.common.ring;

import java.nio.ByteOrder;
import java.util.List;
import java.util.OptionalInt;
import tools.jackson.core.json.JsonWriteFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// The JSON part of a ring file of version 1.
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
  static final JsonMapper MAPPER =
      JsonMapper.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

  static final int MAX_ROWS = 1024;

  /// Parses and checks.
  ///
  /// @throws IllegalArgumentException if the content is not a ring's
  /// @throws tools.jackson.core.JacksonException if the text is not JSON
  static RingJson parse(byte[] text) {
    JsonNode root = MAPPER.readTree(text);
    if (!root.isObject()) {
      throw new IllegalArgumentException("the JSON part is not an object");
    }
    int rows = RingDevicesJson.integer(root, "replica_count", null);
    if (rows < 0 || rows > MAX_ROWS) {
      throw new IllegalArgumentException("replica_count " + rows + " is not in 0.." + MAX_ROWS);
    }
    return new RingJson(
        partPower(root),
        rows,
        byteOrder(root.path("byteorder")),
        version(root),
        nextPartPower(root),
        RingDevicesJson.parse(root.path("devs")));
  }

  /// The JSON of a ring: keys sorted, ASCII only, so that equal rings give equal bytes.
  static byte[] print(Ring ring) {
    ObjectNode root = MAPPER.createObjectNode();
    root.put("byteorder", "little");
    RingDevicesJson.print(ring, root.putArray("devs"));
    ring.nextPartPower().ifPresent(power -> root.put("next_part_power", power));
    root.put("part_shift", 32 - ring.partPower());
    root.put("replica_count", ring.rows());
    if (ring.version() != 0) {
      root.put("version", ring.version());
    }
    return MAPPER.writeValueAsBytes(root);
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

  static int partPower(JsonNode root) {
    int shift = RingDevicesJson.integer(root, "part_shift", null);
    if (shift < 32 - Ring.MAX_PART_POWER || shift > 32) {
      throw new IllegalArgumentException(
          "part_shift " + shift + " is not in " + (32 - Ring.MAX_PART_POWER) + "..32");
    }
    return 32 - shift;
  }

  static OptionalInt nextPartPower(JsonNode root) {
    JsonNode next = root.path("next_part_power");
    return next.isIntegralNumber() && next.canConvertToInt()
        ? OptionalInt.of(next.intValue())
        : OptionalInt.empty();
  }

  static long version(JsonNode root) {
    JsonNode node = root.path("version");
    return node.isIntegralNumber() && node.canConvertToLong() ? node.longValue() : 0;
  }
}
