package org.martlet.objectserver.server;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.martlet.common.http.Body;
import org.martlet.common.http.Headers;
import org.martlet.common.http.Refused;
import org.martlet.common.http.Response;
import org.martlet.objectserver.state.ObjectKey;
import org.martlet.objectserver.state.ObjectRecord;
import org.martlet.objectserver.store.DeviceStore;
import org.martlet.objectserver.store.StoreFault;
import org.martlet.objectserver.store.StoredObject;
import tools.jackson.databind.json.JsonMapper;

/// `GET /<device>/replication/expiring`: live objects of which the time has come, of all policies,
/// first those that expired first.
///
/// What is damaged, or has changed since the index was read, is left out.
final class ExpiringHandler {
  private static final int MAX_LIMIT = 1000;
  private static final Duration TIME = Duration.ofMillis(500);

  private final LongSupplier nanos;
  private final JsonMapper json = JsonMapper.builder().build();

  /// @param nanos counts on, from anywhere
  ExpiringHandler(LongSupplier nanos) {
    this.nanos = nanos;
  }

  CompletableFuture<Response> list(Device device, ReplicationQuery query) {
    long until = query.number("before", 0, Expiry.MAX_SECONDS);
    int limit = (int) query.number("limit", MAX_LIMIT, 1, MAX_LIMIT);
    Optional<DeviceStore.Expiring> after =
        Optional.ofNullable(query.text("after")).map(ExpiringHandler::read);
    return device.lane().call(() -> answer(device.store(), until, after, limit));
  }

  private Response answer(
      DeviceStore store, long until, Optional<DeviceStore.Expiring> after, int limit)
      throws StoreFault {
    long began = nanos.getAsLong();
    List<Map<String, Object>> objects = new ArrayList<>();
    List<DeviceStore.Expiring> page = store.expiring(until, after, limit);
    DeviceStore.@Nullable Expiring last = null;
    for (DeviceStore.Expiring expiring : page) {
      if (last != null && nanos.getAsLong() - began > TIME.toNanos()) {
        break;
      }
      record(store, expiring.key())
          .filter(record -> record.state().deleteAt() == expiring.deleteAt())
          .ifPresent(record -> objects.add(told(record)));
      last = expiring;
    }
    boolean isAll = page.size() < limit && (page.isEmpty() || page.getLast().equals(last));
    Map<String, @Nullable Object> content = new HashMap<>();
    content.put("objects", objects);
    content.put("next", isAll || last == null ? null : text(last));
    return new Response(
        200,
        Headers.of("Content-Type", "application/json"),
        Body.of(json.writeValueAsString(content).getBytes(StandardCharsets.UTF_8)));
  }

  private static Optional<ObjectRecord> record(DeviceStore store, ObjectKey key) throws StoreFault {
    try {
      return store.read(key).map(StoredObject::record);
    } catch (StoreFault.Damaged e) {
      return Optional.empty();
    }
  }

  private static Map<String, Object> told(ObjectRecord record) {
    return Map.of(
        "policy",
        record.key().policy(),
        "account",
        record.path().account(),
        "container",
        String.valueOf(record.path().container()),
        "object",
        String.valueOf(record.path().object()),
        "delete_at",
        record.state().deleteAt());
  }

  /// Means something to [#read] only.
  private static String text(DeviceStore.Expiring expiring) {
    ByteBuffer bytes = ByteBuffer.allocate(Long.BYTES + ObjectKey.BYTES);
    bytes.putLong(expiring.deleteAt());
    expiring.key().write(bytes);
    return HexFormat.of().formatHex(bytes.array());
  }

  private static DeviceStore.Expiring read(String text) {
    try {
      ByteBuffer bytes = ByteBuffer.wrap(HexFormat.of().parseHex(text));
      if (bytes.remaining() == Long.BYTES + ObjectKey.BYTES) {
        return new DeviceStore.Expiring(bytes.getLong(), ObjectKey.read(bytes));
      }
    } catch (IllegalArgumentException e) {
      throw notUnderstood();
    }
    throw notUnderstood();
  }

  private static Refused notUnderstood() {
    return new Refused(400, "The query's after is not one that was given");
  }
}
