package org.martlet.common.protocol;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.martlet.common.model.ObjectPath;
import org.martlet.common.model.Timestamp;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// The body of `UPDATE /<device>`: many rows for many listings of one device in one request.
///
/// - Shape: JSON `{"version":1,"updates":[{"account":…,"container":…,"rows":[…]}]}` for a container
///   service, with `"stats"` and no container for an account service. The answer is JSON
/// `{"results":[status…]}`, one HTTP status an update in the same order: 201 stored on stable
///   storage, 404 no such listing here (keep it and try again), 507 the device cannot.
/// - Bounds: [#MAX_BYTES] a body, [#MAX_ROWS] rows.
public final class UpdateBatch {
  public static final int MAX_BYTES = 8 << 20;
  public static final int MAX_ROWS = 10_000;
  private static final int FORMAT = 2;
  private static final int HEX = 16;

  private static final JsonMapper JSON =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxDocumentLength(MAX_BYTES)
                          .maxNestingDepth(10)
                          .maxStringLength(1 << 20)
                          .build())
                  .build())
          .build();

  private UpdateBatch() {}

  /// Rows for one container.
  public record RowUpdate(ObjectPath container, List<ListingRow> rows) {}

  /// Statistics for one account.
  public record StatUpdate(ObjectPath account, List<ContainerStat> stats) {}

  public static byte[] encodeRows(List<RowUpdate> updates) {
    return encode(updates, UpdateBatch::rowUpdate);
  }

  public static byte[] encodeStats(List<StatUpdate> updates) {
    return encode(updates, UpdateBatch::statUpdate);
  }

  /// @throws IllegalArgumentException with a message for the sender if the body is not such a batch
  public static List<RowUpdate> decodeRows(byte[] body) {
    return decode(
        body,
        "rows",
        (update, items) ->
            new RowUpdate(
                ObjectPath.container(text(update, "account"), text(update, "container")),
                items.stream().map(UpdateBatch::row).toList()));
  }

  /// @throws IllegalArgumentException with a message for the sender if the body is not such a batch
  public static List<StatUpdate> decodeStats(byte[] body) {
    return decode(
        body,
        "stats",
        (update, items) ->
            new StatUpdate(
                ObjectPath.account(text(update, "account")),
                items.stream().map(UpdateBatch::stat).toList()));
  }

  public static byte[] encodeResults(List<Integer> statuses) {
    ObjectNode root = JSON.createObjectNode();
    ArrayNode results = root.putArray("results");
    statuses.forEach(results::add);
    return JSON.writeValueAsBytes(root);
  }

  /// @throws IllegalArgumentException if the body is no such answer or has not the expected length
  public static List<Integer> decodeResults(byte[] body, int expected) {
    JsonNode results = parse(body).path("results");
    if (!results.isArray() || results.size() != expected) {
      throw new IllegalArgumentException("expected " + expected + " results");
    }
    List<Integer> statuses = new ArrayList<>(expected);
    results.forEach(status -> statuses.add(status.asInt(500)));
    return statuses;
  }

  private interface Encoder<T> {
    void write(T update, ObjectNode node);
  }

  private interface Decoder<T> {
    T read(JsonNode update, List<JsonNode> items);
  }

  private static <T> byte[] encode(List<T> updates, Encoder<T> encoder) {
    ObjectNode root = JSON.createObjectNode();
    root.put("version", FORMAT);
    ArrayNode array = root.putArray("updates");
    updates.forEach(update -> encoder.write(update, array.addObject()));
    return JSON.writeValueAsBytes(root);
  }

  private static <T> List<T> decode(byte[] body, String itemsName, Decoder<T> decoder) {
    JsonNode root = parse(body);
    if (root.path("version").asInt(0) != FORMAT) {
      throw new IllegalArgumentException(
          "the batch is not of version " + FORMAT + ": the servers are of different versions");
    }
    JsonNode updates = root.path("updates");
    if (!updates.isArray()) {
      throw new IllegalArgumentException("the batch has no updates");
    }
    int rows = 0;
    List<T> decoded = new ArrayList<>(updates.size());
    for (JsonNode update : updates) {
      JsonNode items = update.path(itemsName);
      if (!items.isArray()) {
        throw new IllegalArgumentException("an update has no " + itemsName);
      }
      rows += items.size();
      if (rows > MAX_ROWS) {
        throw new IllegalArgumentException("the batch has more than " + MAX_ROWS + " rows");
      }
      List<JsonNode> list = new ArrayList<>(items.size());
      items.forEach(list::add);
      decoded.add(decoder.read(update, list));
    }
    return decoded;
  }

  private static JsonNode parse(byte[] body) {
    if (body.length > MAX_BYTES) {
      throw new IllegalArgumentException("the batch is larger than " + MAX_BYTES + " bytes");
    }
    try {
      return JSON.readTree(body);
    } catch (JacksonException e) {
      throw new IllegalArgumentException("the batch is not JSON: " + e.getOriginalMessage(), e);
    }
  }

  private static void rowUpdate(RowUpdate update, ObjectNode node) {
    container(update.container(), node);
    ArrayNode rows = node.putArray("rows");
    update.rows().forEach(row -> write(row, rows.addObject()));
  }

  private static void container(ObjectPath path, ObjectNode node) {
    node.put("account", path.account());
    node.put("container", path.container());
  }

  private static void write(ListingRow row, ObjectNode node) {
    node.put("name", row.name());
    node.put("data", row.data().internal());
    if (!row.contentTypeClock().equals(row.data())) {
      node.put("content_type_clock", row.contentTypeClock().internal());
    }
    if (!row.metadata().equals(row.data())) {
      node.put("metadata", row.metadata().internal());
    }
    if (row.deleted()) {
      node.put("deleted", true);
    } else {
      node.put("size", row.size());
      node.put("etag", row.etag());
      node.put("content_type", row.contentType());
    }
    node.put("policy", row.policy());
  }

  private static ListingRow row(JsonNode node) {
    Timestamp data = timestamp(node, "data");
    boolean deleted = node.path("deleted").asBoolean(false);
    return new ListingRow(
        text(node, "name"),
        data,
        node.has("content_type_clock") ? timestamp(node, "content_type_clock") : data,
        node.has("metadata") ? timestamp(node, "metadata") : data,
        deleted,
        deleted ? 0 : number(node, "size"),
        deleted ? "" : text(node, "etag"),
        deleted ? "" : text(node, "content_type"),
        policy(node));
  }

  private static void statUpdate(StatUpdate update, ObjectNode node) {
    node.put("account", update.account().account());
    ArrayNode stats = node.putArray("stats");
    update.stats().forEach(stat -> write(stat, stats.addObject()));
  }

  private static void write(ContainerStat stat, ObjectNode node) {
    node.put("name", stat.name());
    node.put("put", stat.put().internal());
    node.put("deleted", stat.deleted().internal());
    Incarnation life = stat.incarnation();
    node.putObject("incarnation")
        .put("after", life.after().internal())
        .put("at", life.at().internal())
        .put("policy", life.policy());
    node.putObject("counted")
        .put("newest", stat.counted().newest().internal())
        .put("weight", stat.counted().weight().toString(HEX));
    ObjectNode usage = node.putObject("usage");
    stat.usage()
        .forEach(
            (policy, used) ->
                usage.putArray(Integer.toString(policy)).add(used.objects()).add(used.bytes()));
  }

  private static ContainerStat stat(JsonNode node) {
    SortedMap<Integer, ContainerStat.Usage> usage = new TreeMap<>();
    for (Map.Entry<String, JsonNode> entry : node.path("usage").properties()) {
      JsonNode pair = entry.getValue();
      if (!pair.isArray() || pair.size() != 2) {
        throw new IllegalArgumentException("usage is not [objects, bytes]");
      }
      usage.put(
          Integer.parseInt(entry.getKey()),
          new ContainerStat.Usage(pair.get(0).asLong(0), pair.get(1).asLong(0)));
    }
    return new ContainerStat(
        text(node, "name"),
        timestamp(node, "put"),
        timestamp(node, "deleted"),
        incarnation(node.path("incarnation")),
        rowsClock(node.path("counted")),
        usage);
  }

  private static Incarnation incarnation(JsonNode node) {
    return new Incarnation(timestamp(node, "after"), timestamp(node, "at"), policy(node));
  }

  private static RowsClock rowsClock(JsonNode node) {
    String weight = text(node, "weight");
    if (weight.length() > 2 * RowsClock.MAX_WEIGHT_BYTES) {
      throw new IllegalArgumentException("a sum of clocks is too long");
    }
    return new RowsClock(timestamp(node, "newest"), new BigInteger(weight, HEX));
  }

  private static String text(JsonNode node, String field) {
    JsonNode value = node.path(field);
    if (!value.isString()) {
      throw new IllegalArgumentException("field " + field + " is missing or no text");
    }
    return value.stringValue();
  }

  private static long number(JsonNode node, String field) {
    JsonNode value = node.path(field);
    if (!value.isIntegralNumber() || !value.canConvertToLong() || value.longValue() < 0) {
      throw new IllegalArgumentException("field " + field + " is missing or no whole number");
    }
    return value.longValue();
  }

  private static int policy(JsonNode node) {
    long index = number(node, "policy");
    if (index > Integer.MAX_VALUE) {
      throw new IllegalArgumentException("field policy is no policy index");
    }
    return (int) index;
  }

  private static Timestamp timestamp(JsonNode node, String field) {
    return Timestamp.parse(text(node, field));
  }
}
