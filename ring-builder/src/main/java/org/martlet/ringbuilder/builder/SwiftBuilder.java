package org.martlet.ringbuilder.builder;

import java.lang.reflect.Array;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.martlet.common.model.DeviceId;
import org.martlet.common.ring.RingDevice;

/// Makes a builder of what a builder of OpenStack Swift remembers: devices with their ids, those
/// to be removed, the assignment, when partitions moved, and the numbers.
///
/// Source: the dict that Swift's `RingBuilder.to_dict` pickles. A partition's last move is known
/// in whole hours there; it counts from the latest second that it can have been, so none moves
/// too early.
public final class SwiftBuilder {
  private static final int SECONDS_PER_HOUR = 3600;
  private static final int LONG_AGO = 255;

  private final Map<?, ?> dict;

  private SwiftBuilder(Map<?, ?> dict) {
    this.dict = dict;
  }

  /// @param dict of plain values: maps, lists, texts, numbers, arrays of numbers
  /// @throws RingBuilderException if it is not a builder, or beyond what one may hold here
  public static RingBuilder restore(Map<?, ?> dict) throws RingBuilderException {
    return new SwiftBuilder(dict).restore();
  }

  private RingBuilder restore() throws RingBuilderException {
    if (!dict.containsKey("part_power") || !dict.containsKey("_replica2part2dev")) {
      throw new RingBuilderException("this is not a builder of OpenStack Swift");
    }
    int power = integer(dict, "part_power", null);
    if (dict.get("next_part_power") != null) {
      throw new RingBuilderException(
          "its partition power is being increased: finish or cancel that in Swift first");
    }
    String id =
        dict.get("id") instanceof String given && given.matches("[0-9a-f]{32}")
            ? given
            : UUID.randomUUID().toString().replace("-", "");
    RingBuilder builder =
        RingBuilder.restore(
            id, power, number(dict, "replicas", null), integer(dict, "min_part_hours", null));
    builder.setOverload(number(dict, "overload", 0.0));
    builder.version = integer(dict, "version", 0);
    builder.devicesChanged = Boolean.TRUE.equals(dict.get("devs_changed"));
    restoreDevices(builder);
    restoreRows(builder);
    return builder;
  }

  private void restoreDevices(RingBuilder builder) throws RingBuilderException {
    List<Integer> removed =
        list(dict.get("_remove_devs")).stream()
            .map(device -> device instanceof Map<?, ?> map ? map.get("id") : null)
            .map(id -> id instanceof Integer number ? number : -1)
            .toList();
    int index = 0;
    for (Object entry : list(dict.get("devs"))) {
      if (entry instanceof Map<?, ?> device) {
        builder.roster.restore(device(device, index), removed.contains(index));
      } else if (entry != null) {
        throw new RingBuilderException("device " + index + " is not a dict");
      }
      index++;
    }
    for (int id : removed) {
      if (!builder.roster.knows(id)) {
        throw new RingBuilderException("a device to be removed is not in the list of devices");
      }
    }
  }

  private static RingDevice device(Map<?, ?> device, int index) throws RingBuilderException {
    try {
      int id = integer(device, "id", null);
      if (id != index) {
        throw new RingBuilderException("its id is " + id);
      }
      String ip = text(device, "ip", null);
      int port = integer(device, "port", null);
      return new RingDevice(
          new DeviceId(id),
          integer(device, "region", 1),
          integer(device, "zone", null),
          ip,
          port,
          text(device, "replication_ip", ip),
          integer(device, "replication_port", port),
          text(device, "device", null),
          number(device, "weight", null),
          text(device, "meta", ""));
    } catch (RingBuilderException | IllegalArgumentException e) {
      throw new RingBuilderException("device " + index + ": " + e.getMessage(), e);
    }
  }

  private void restoreRows(RingBuilder builder) throws RingBuilderException {
    List<?> rows = list(dict.get("_replica2part2dev"));
    if (rows.isEmpty()) {
      return;
    }
    if (rows.size() > RingBuilder.MAX_REPLICAS) {
      throw new RingBuilderException("it has " + rows.size() + " replica rows");
    }
    builder.rows = new int[rows.size()][];
    for (int row = 0; row < rows.size(); row++) {
      builder.rows[row] = numbers(rows.get(row), "_replica2part2dev", builder.partitionCount());
    }
    builder.lastMoves = new LastMoves(lastMoves(builder.partitionCount()));
    builder.validate();
  }

  private long[] lastMoves(int parts) throws RingBuilderException {
    long[] seconds = new long[parts];
    if (dict.get("_last_part_moves") == null || dict.get("_last_part_moves_epoch") == null) {
      return seconds;
    }
    int[] hours = numbers(dict.get("_last_part_moves"), "_last_part_moves", parts);
    long epoch = integer(dict, "_last_part_moves_epoch", null);
    for (int part = 0; part < hours.length; part++) {
      boolean longAgo = hours[part] < 0 || hours[part] >= LONG_AGO;
      seconds[part] = longAgo ? 0 : Math.max(0, epoch - (long) hours[part] * SECONDS_PER_HOUR);
    }
    return seconds;
  }

  /// A list or an array of whole numbers.
  private static int[] numbers(@Nullable Object from, String what, int most)
      throws RingBuilderException {
    boolean isArray = from != null && from.getClass().isArray();
    int size = isArray ? Array.getLength(from) : list(from).size();
    if (size > most) {
      throw new RingBuilderException(what + " has more entries than there are partitions");
    }
    int[] numbers = new int[size];
    for (int i = 0; i < size; i++) {
      Object entry = isArray ? Array.get(from, i) : list(from).get(i);
      if (!(entry instanceof Number number) || number.longValue() != number.doubleValue()) {
        throw new RingBuilderException(what + " holds what is not a whole number");
      }
      numbers[i] = (int) Math.min(Math.max(-1, number.longValue()), Integer.MAX_VALUE);
    }
    return numbers;
  }

  private static List<?> list(@Nullable Object value) throws RingBuilderException {
    if (value instanceof List<?> list) {
      return list;
    }
    throw new RingBuilderException("a list is missing in it");
  }

  private static String text(Map<?, ?> of, String key, @Nullable String absent)
      throws RingBuilderException {
    Object value = of.get(key);
    if (value == null && absent != null) {
      return absent;
    }
    if (value instanceof String text) {
      return text;
    }
    throw new RingBuilderException("\"" + key + "\" is not a text");
  }

  private static int integer(Map<?, ?> of, String key, @Nullable Integer absent)
      throws RingBuilderException {
    double value = number(of, key, absent == null ? null : absent.doubleValue());
    if (value != Math.rint(value) || Math.abs(value) > Integer.MAX_VALUE) {
      throw new RingBuilderException("\"" + key + "\" is not a whole number");
    }
    return (int) value;
  }

  private static double number(Map<?, ?> of, String key, @Nullable Double absent)
      throws RingBuilderException {
    Object value = of.get(key);
    if (value == null && absent != null) {
      return absent;
    }
    if (value instanceof Number number) {
      return number.doubleValue();
    }
    throw new RingBuilderException("\"" + key + "\" is not a number");
  }
}
