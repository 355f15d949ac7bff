package org.martlet.ringbuilder.builder;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.OptionalInt;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipException;
import org.martlet.common.model.DeviceId;
import org.martlet.common.ring.RingDevice;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// The content of a builder file: gzip of one JSON object, version 1.
///
/// - Shape: scalars under their own names; `devices` as in a ring, with `removed` where one is
///   marked; `assignment`, one base64 text for each replica row of big-endian 16-bit device ids
///   (65535 = none); `last_moved`, base64 of big-endian 32-bit seconds since 1970, one for each
///   partition. `docs/ring.md` lists the keys.
/// - Units/range: at most 1 GiB of JSON is read.
public final class BuilderFormat {
  private static final String FORMAT = "martlet-ring-builder";
  private static final int VERSION = 1;
  private static final int NO_DEVICE = 0xffff;
  private static final long MAX_JSON_BYTES = 1L << 30;
  private static final int PICKLE = 0x80;

  private static final JsonMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder().maxDocumentLength(MAX_JSON_BYTES).build())
                  .build())
          .build();

  private BuilderFormat() {}

  /// Writes a builder; the stream is left open.
  public static void write(RingBuilder builder, OutputStream out) throws IOException {
    ObjectNode root = MAPPER.createObjectNode();
    root.put("format", FORMAT);
    root.put("version", VERSION);
    root.put("id", builder.id);
    root.put("part_power", builder.partPower);
    root.put("replicas", builder.replicas);
    root.put("min_part_hours", builder.minPartHours);
    root.put("overload", builder.overload);
    root.put("build_version", builder.version);
    root.put("next_device_id", builder.roster.nextId());
    root.put("devices_changed", builder.devicesChanged);
    builder.nextPartPower.ifPresent(power -> root.put("next_part_power", power));
    ArrayNode devices = root.putArray("devices");
    for (RingDevice device : builder.roster.all()) {
      writeDevice(device, builder.roster.isRemoved(device.id()), devices.addObject());
    }
    ArrayNode rows = root.putArray("assignment");
    for (int[] row : builder.rows) {
      rows.add(packRow(row));
    }
    root.put("last_moved", packSeconds(builder.lastMoves.seconds()));
    GZIPOutputStream zipped = new GZIPOutputStream(out, 1 << 16);
    zipped.write(MAPPER.writeValueAsBytes(root));
    zipped.finish();
  }

  /// Reads a builder.
  ///
  /// @throws RingBuilderException if the content is not a builder's, or is damaged
  /// @throws IOException if the stream cannot be read
  public static RingBuilder read(InputStream in) throws RingBuilderException, IOException {
    in.mark(1);
    int first = in.read();
    in.reset();
    if (first == PICKLE) {
      throw new RingBuilderException(
          "this is a builder of OpenStack Swift (a Python pickle): take it over with"
              + " martlet ring-builder NEW.builder import THIS.builder");
    }
    try {
      JsonNode root = MAPPER.readTree(new GZIPInputStream(in, 1 << 16));
      return parse(root);
    } catch (ZipException e) {
      throw new RingBuilderException("not a builder file, or damaged: " + e.getMessage(), e);
    } catch (JacksonException e) {
      throw new RingBuilderException("not a builder file: " + e.getOriginalMessage(), e);
    } catch (IllegalArgumentException | ArithmeticException e) {
      throw new RingBuilderException("damaged builder: " + e.getMessage(), e);
    }
  }

  private static RingBuilder parse(JsonNode root) throws RingBuilderException {
    if (!FORMAT.equals(root.path("format").asString(""))) {
      throw new RingBuilderException("not a builder file: its format is not " + FORMAT);
    }
    int version = integer(root, "version");
    if (version != VERSION) {
      throw new RingBuilderException(
          "builder format version %d is not supported, only %d".formatted(version, VERSION));
    }
    RingBuilder builder =
        RingBuilder.restore(
            text(root, "id"),
            integer(root, "part_power"),
            number(root, "replicas"),
            integer(root, "min_part_hours"));
    builder.setOverload(number(root, "overload"));
    builder.version = root.path("build_version").asLong(0);
    builder.devicesChanged = root.path("devices_changed").asBoolean(false);
    if (root.has("next_part_power")) {
      builder.nextPartPower = OptionalInt.of(nextPartPower(root, builder.partPower));
    }
    for (JsonNode node : root.path("devices")) {
      RingDevice device = readDevice(node);
      builder.roster.restore(device, node.path("removed").asBoolean(false));
    }
    builder.roster.restoreNextId(integer(root, "next_device_id"));
    readAssignment(root, builder);
    return builder;
  }

  private static int nextPartPower(JsonNode root, int now) {
    int next = integer(root, "next_part_power");
    if (next != now && next != now + 1) {
      throw new IllegalArgumentException("next_part_power is " + next + " where it is " + now);
    }
    return next;
  }

  private static void readAssignment(JsonNode root, RingBuilder builder)
      throws RingBuilderException {
    JsonNode rows = root.path("assignment");
    builder.rows = new int[rows.size()][];
    for (int row = 0; row < rows.size(); row++) {
      builder.rows[row] = unpackRow(rows.get(row).binaryValue());
    }
    long[] seconds = unpackSeconds(root.path("last_moved").binaryValue());
    builder.lastMoves = new LastMoves(seconds);
    int expected = builder.everRebalanced() ? builder.partitionCount() : 0;
    if (seconds.length != expected) {
      throw new RingBuilderException("damaged builder: last_moved has the wrong length");
    }
    if (builder.everRebalanced()) {
      builder.validate();
    }
  }

  private static void writeDevice(RingDevice device, boolean removed, ObjectNode to) {
    to.put("id", device.id().value());
    to.put("region", device.region());
    to.put("zone", device.zone());
    to.put("ip", device.ip());
    to.put("port", device.port());
    to.put("replication_ip", device.replicationIp());
    to.put("replication_port", device.replicationPort());
    to.put("device", device.device());
    to.put("weight", device.weight());
    to.put("meta", device.meta());
    if (removed) {
      to.put("removed", true);
    }
  }

  private static RingDevice readDevice(JsonNode node) {
    return new RingDevice(
        new DeviceId(integer(node, "id")),
        integer(node, "region"),
        integer(node, "zone"),
        text(node, "ip"),
        integer(node, "port"),
        text(node, "replication_ip"),
        integer(node, "replication_port"),
        text(node, "device"),
        number(node, "weight"),
        text(node, "meta"));
  }

  private static byte[] packRow(int[] row) {
    ByteBuffer packed = ByteBuffer.allocate(2 * row.length);
    for (int device : row) {
      packed.putShort((short) (device == RowTable.NONE ? NO_DEVICE : device));
    }
    return packed.array();
  }

  private static int[] unpackRow(byte[] packed) {
    int[] row = new int[packed.length / 2];
    ByteBuffer in = ByteBuffer.wrap(packed);
    Arrays.setAll(row, i -> Short.toUnsignedInt(in.getShort()));
    return Arrays.stream(row).map(id -> id == NO_DEVICE ? RowTable.NONE : id).toArray();
  }

  private static byte[] packSeconds(long[] seconds) {
    ByteBuffer packed = ByteBuffer.allocate(4 * seconds.length);
    for (long second : seconds) {
      packed.putInt((int) second);
    }
    return packed.array();
  }

  private static long[] unpackSeconds(byte[] packed) {
    long[] seconds = new long[packed.length / 4];
    ByteBuffer in = ByteBuffer.wrap(packed);
    Arrays.setAll(seconds, i -> Integer.toUnsignedLong(in.getInt()));
    return seconds;
  }

  private static String text(JsonNode of, String key) {
    JsonNode node = of.path(key);
    if (!node.isString()) {
      throw new IllegalArgumentException("\"" + key + "\" is not a text");
    }
    return node.stringValue();
  }

  private static double number(JsonNode of, String key) {
    JsonNode node = of.path(key);
    if (!node.isNumber()) {
      throw new IllegalArgumentException("\"" + key + "\" is not a number");
    }
    return node.doubleValue();
  }

  private static int integer(JsonNode of, String key) {
    JsonNode node = of.path(key);
    if (!node.isIntegralNumber() || !node.canConvertToInt()) {
      throw new IllegalArgumentException("\"" + key + "\" is not a whole number");
    }
    return node.intValue();
  }
}
