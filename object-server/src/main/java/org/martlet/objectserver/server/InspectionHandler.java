package org.martlet.objectserver.server;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.martlet.common.http.Body;
import org.martlet.common.http.Headers;
import org.martlet.common.http.QueryString;
import org.martlet.common.http.Refused;
import org.martlet.common.http.Response;
import org.martlet.common.model.ObjectPath;
import org.martlet.common.model.PathHasher;
import org.martlet.common.runtime.DeviceLane;
import org.martlet.objectserver.state.ObjectKey;
import tools.jackson.databind.json.JsonMapper;

/// `GET /<device>/inspection`: what a device is and holds; with `?path=/a/c/o[&policy=0]`: what it
/// has of one object, every checksum verified. Signed, since it tells names and metadata.
///
/// - Bounds: one inspection at a time for each device, on a thread of its own beside those that
///   serve clients; a few may wait, more are answered 503.
/// - Changes nothing.
final class InspectionHandler {
  static final String PATH = "/inspection";

  private static final DeviceLane.Limits LIMITS =
      new DeviceLane.Limits(1, 4, Duration.ofSeconds(60));

  private final PathHasher hasher;
  private final Map<String, DeviceLane> lanes = new TreeMap<>();
  private final JsonMapper json = JsonMapper.builder().build();

  /// @param nanos counts on, from anywhere
  InspectionHandler(PathHasher hasher, Collection<Device> devices, LongSupplier nanos) {
    this.hasher = hasher;
    for (Device device : devices) {
      lanes.put(
          device.name(),
          new DeviceLane(
              "inspect-" + device.name(),
              LIMITS,
              nanos,
              () -> new Refused(503, "Others inspect the device")));
    }
  }

  /// @param policy checks that there is one of this index
  CompletableFuture<Response> get(Device device, String rawQuery, PolicyCheck policy) {
    QueryString query = QueryString.parse(rawQuery);
    @Nullable String path = query.get("path");
    if (!query.malformed().isEmpty()) {
      throw new Refused(412, "The query is not UTF-8");
    }
    DeviceLane lane = lanes.get(device.name());
    if (lane == null) {
      throw new IllegalStateException("a device without a lane: " + device.name());
    }
    if (path == null) {
      return lane.call(() -> answer(device.store().describe()));
    }
    int index = policy.check(query.getOr("policy", "0"));
    ObjectKey key = ObjectKey.whole(index, hasher.hash(object(path)));
    return lane.call(() -> answer(device.store().inspect(key)));
  }

  /// Knows the storage policies.
  interface PolicyCheck {
    /// @throws Refused 503 if there is none of this index
    int check(String index);
  }

  private static ObjectPath object(String path) {
    String[] names = path.split("/", 4);
    if (names.length == 4 && names[0].isEmpty()) {
      try {
        return ObjectPath.object(names[1], names[2], names[3]);
      } catch (IllegalArgumentException e) {
        throw new Refused(400, "Invalid path: " + e.getMessage());
      }
    }
    throw new Refused(400, "Invalid path: not /account/container/object");
  }

  private Response answer(Object facts) {
    return new Response(
        200,
        Headers.of("Content-Type", "application/json"),
        Body.of(json.writeValueAsString(facts).getBytes(StandardCharsets.UTF_8)));
  }

  void refuseOverdue() {
    lanes.values().forEach(DeviceLane::refuseOverdue);
  }

  /// Takes nothing new, and waits for what is under way; the devices are still to be closed, which
  /// ends the reading of a large body.
  void close(Duration limit) {
    lanes.values().forEach(lane -> lane.close(limit));
  }
}
