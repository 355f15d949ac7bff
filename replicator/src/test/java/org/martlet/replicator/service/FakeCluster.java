package org.martlet.replicator.service;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.martlet.common.http.BlockingBody;
import org.martlet.common.http.Headers;
import org.martlet.common.http.PercentCoding;
import org.martlet.common.http.Request;
import org.martlet.common.http.Response;
import org.martlet.common.model.DeviceId;
import org.martlet.common.model.ObjectPath;
import org.martlet.common.model.PathHasher;
import org.martlet.common.model.Timestamp;
import org.martlet.common.ring.Ring;
import org.martlet.common.ring.RingDevice;
import org.martlet.replicator.run.ReplicaFault;

/// Devices in memory that follow the object server's rules, and the container row that their
/// changes lead to.
final class FakeCluster implements Transport {
  static final int DEVICES = 5;
  private static final int PART_POWER = 10;

  /// What a container lists of an object, as the join of all that object servers reported.
  record Row(Timestamp at, boolean deleted, int policy) {
    Row merge(Row other) {
      return Comparator.comparing(Row::at)
                  .thenComparing(Row::deleted)
                  .thenComparingInt(Row::policy)
                  .compare(this, other)
              >= 0
          ? this
          : other;
    }
  }

  /// Something that happens before a request is carried out.
  interface Before {
    void request(RingDevice device, Request request) throws ReplicaFault;
  }

  final PathHasher hasher = new PathHasher("test", "");
  final Map<ObjectPath, Row> rows = new HashMap<>();
  final List<String> log = new ArrayList<>();
  final Set<Integer> down = new HashSet<>();
  final Ring ring;
  Before before = (device, request) -> {};

  private final Map<String, FakeObject> objects = new TreeMap<>();

  FakeCluster() {
    List<RingDevice> devices = new ArrayList<>();
    for (int id = 0; id < DEVICES; id++) {
      devices.add(RingDevice.of(new DeviceId(id), 1, id, "10.0.0." + id, 6200, "d" + id, 1));
    }
    ring = Ring.of(PART_POWER, devices, new int[][] {row(0), row(1), row(2)}, 1);
  }

  /// Everything is on the first three devices; the last partition makes the others handoffs.
  private static int[] row(int device) {
    int[] row = new int[1 << PART_POWER];
    Arrays.fill(row, device);
    row[row.length - 1] = Math.min(device + 2, DEVICES - 1);
    return row;
  }

  Backends backends() {
    return backends(this);
  }

  Backends backends(Transport transport) {
    Supplier<Ring> here = () -> ring;
    return new Backends(transport, new ServiceRings(here, here, Map.of(0, here, 1, here)), hasher);
  }

  <S> LocalDevice<S> local(int device, S source) {
    return new LocalDevice<>("d" + device, found -> found.id().value() == device, source);
  }

  /// The object on a device; made if it is not there.
  FakeObject on(int device, int policy, ObjectPath path) {
    return objects.computeIfAbsent(key("d" + device, policy, path), key -> new FakeObject());
  }

  Optional<FakeObject> find(int device, int policy, ObjectPath path) {
    return Optional.ofNullable(objects.get(key("d" + device, policy, path)));
  }

  boolean isLive(int device, int policy, ObjectPath path) {
    return find(device, policy, path).filter(FakeObject::isLive).isPresent();
  }

  private static String key(String device, int policy, ObjectPath path) {
    return device + "/" + policy + path;
  }

  /// Lets every primary and handoff that has something take over the newest; what replication does.
  void replicate(int policy, ObjectPath path) {
    FakeObject joined = new FakeObject();
    for (int device = 0; device < DEVICES; device++) {
      find(device, policy, path).ifPresent(joined::merge);
    }
    if (joined.newest().equals(Timestamp.ZERO)) {
      return;
    }
    for (int device = 0; device < 3; device++) {
      on(device, policy, path).merge(joined);
    }
    for (int device = 3; device < DEVICES; device++) {
      objects.remove(key("d" + device, policy, path));
    }
  }

  void put(List<Integer> devices, int policy, ObjectPath path, Timestamp at, long deleteAt) {
    Headers headers =
        Backends.ofPolicy(policy)
            .set("X-Timestamp", at.internal())
            .set("Content-Type", "text/plain")
            .set("X-Backend-Etag", "of " + at)
            .set("X-Backend-Crc32c", "00000000");
    if (deleteAt > 0) {
      headers.set("X-Delete-At", deleteAt);
    }
    devices.forEach(device -> change(device, "PUT", path, policy, headers, at.toString()));
  }

  void post(List<Integer> devices, int policy, ObjectPath path, Timestamp at, long deleteAt) {
    Headers headers = Backends.ofPolicy(policy).set("X-Timestamp", at.internal());
    if (deleteAt > 0) {
      headers.set("X-Delete-At", deleteAt);
    }
    devices.forEach(device -> change(device, "POST", path, policy, headers, ""));
  }

  void delete(List<Integer> devices, int policy, ObjectPath path, Timestamp at) {
    Headers headers = Backends.ofPolicy(policy).set("X-Timestamp", at.internal());
    devices.forEach(device -> change(device, "DELETE", path, policy, headers, ""));
  }

  private void change(
      int device, String method, ObjectPath path, int policy, Headers headers, String body) {
    apply("d" + device, method, path, policy, headers, body.getBytes());
  }

  @Override
  public Response send(RingDevice device, Request request) throws ReplicaFault {
    before.request(device, request);
    if (down.contains(device.id().value())) {
      request.body().close();
      throw new ReplicaFault(ReplicaFault.Kind.UNREACHABLE, device.device() + " is down");
    }
    String[] parts = request.rawPath().split("/", 6);
    int policy = Integer.parseInt(request.headers().getOr("X-Backend-Storage-Policy-Index", "0"));
    ObjectPath path =
        ObjectPath.object(
            String.valueOf(PercentCoding.decode(parts[3])),
            String.valueOf(PercentCoding.decode(parts[4])),
            String.valueOf(PercentCoding.decode(parts[5])));
    log.add(device.device() + " " + request.method() + " " + policy + path);
    try {
      byte[] body = new BlockingBody(request.body()).readAll(1 << 20);
      return apply(device.device(), request.method(), path, policy, request.headers(), body);
    } catch (IOException e) {
      throw new ReplicaFault(ReplicaFault.Kind.UNREACHABLE, "the body broke off", e);
    }
  }

  private Response apply(
      String device, String method, ObjectPath path, int policy, Headers headers, byte[] body) {
    FakeObject object = objects.get(key(device, policy, path));
    boolean read = method.equals("HEAD") || method.equals("GET");
    if (read || method.equals("POST")) {
      if (object == null) {
        return Response.empty(404);
      }
      if (!object.isLive()) {
        return Response.empty(404, stored(object.newest()));
      }
      return read ? object.answer(method.equals("GET")) : post(object, headers);
    }
    Timestamp at = Timestamp.parse(headers.getOr("X-Timestamp", ""));
    String condition = headers.get("X-If-Delete-At");
    if (condition != null && object == null) {
      return Response.empty(404);
    }
    FakeObject here = objects.computeIfAbsent(key(device, policy, path), key -> new FakeObject());
    if (!at.isAfter(here.data)) {
      return Response.empty(409, stored(here.data));
    }
    if (condition != null && !(here.isLive() && here.deleteAt() == Long.parseLong(condition))) {
      return Response.empty(412);
    }
    boolean wasLive = here.isLive();
    FakeObject change = new FakeObject();
    change.data = at;
    change.typed = at;
    change.metadata = at;
    change.deleted = method.equals("DELETE");
    if (!change.deleted) {
      change.etag = headers.getOr("X-Backend-Etag", "");
      change.type = headers.getOr("Content-Type", "");
      change.body = body;
      change.headers = kept(headers);
    }
    here.merge(change);
    if (headers.get("X-Backend-No-Listing-Update") == null) {
      rows.merge(path, new Row(at, change.deleted, policy), Row::merge);
    }
    return Response.empty(change.deleted ? (wasLive ? 204 : 404) : 201, stored(here.newest()));
  }

  private static Response post(FakeObject object, Headers headers) {
    FakeObject change = new FakeObject();
    change.metadata = Timestamp.parse(headers.getOr("X-Timestamp", ""));
    change.headers = kept(headers);
    if (!change.metadata.isAfter(object.metadata)) {
      return Response.empty(409, stored(object.newest()));
    }
    object.merge(change);
    return Response.empty(202);
  }

  private static TreeMap<String, String> kept(Headers headers) {
    TreeMap<String, String> kept = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    headers.forEach(
        (name, value) -> {
          if (name.startsWith("X-Object-") || name.equals("X-Delete-At")) {
            kept.put(name, value);
          }
        });
    return kept;
  }

  private static Headers stored(Timestamp at) {
    return Headers.of("X-Backend-Timestamp", at.internal());
  }

  /// What a device's index of ends says.
  ExpiringSource expiring(int device) {
    return (before, after, limit) -> {
      List<ExpiringSource.Expiring> found = new ArrayList<>();
      objects.forEach(
          (key, object) -> {
            if (key.startsWith("d" + device + "/")
                && object.isLive()
                && object.deleteAt() > 0
                && object.deleteAt() <= before) {
              String[] parts = key.split("/", 5);
              found.add(
                  new ExpiringSource.Expiring(
                      ObjectPath.object(parts[2], parts[3], parts[4]),
                      Integer.parseInt(parts[1]),
                      object.deleteAt()));
            }
          });
      return new ExpiringSource.Page(found, Optional.empty());
    };
  }
}
