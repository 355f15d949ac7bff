package org.martlet.replicator.service;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.martlet.common.http.Bodies;
import org.martlet.common.http.Body;
import org.martlet.common.http.Headers;
import org.martlet.common.http.PercentCoding;
import org.martlet.common.http.QueryString;
import org.martlet.common.http.Request;
import org.martlet.common.http.Response;
import org.martlet.common.model.ObjectPath;
import org.martlet.common.model.Timestamp;
import org.martlet.common.protocol.ListingRow;
import org.martlet.common.protocol.UpdateBatch;
import org.martlet.common.ring.RingDevice;
import org.martlet.replicator.run.ReplicaFault;
import tools.jackson.databind.json.JsonMapper;

/// Accounts and containers in front of a [FakeCluster]: replicas share their rows, but not what
/// they know of themselves.
final class FakeListings implements Transport {
  final FakeCluster cluster;

  /// Containers by account, as all account servers list them.
  final Map<String, Set<String>> containers = new HashMap<>();

  /// Device numbers that have an account as deleted, as existing.
  final Set<Integer> deleted = new HashSet<>(Set.of(0, 1, 2));

  final Set<Integer> existing = new HashSet<>();

  /// The policy that each device has for containers.
  final Map<Integer, Integer> policies = new HashMap<>(Map.of(0, 0, 1, 0, 2, 0));

  private final JsonMapper json = new JsonMapper();

  FakeListings(FakeCluster cluster) {
    this.cluster = cluster;
  }

  @Override
  public Response send(RingDevice device, Request request) throws ReplicaFault {
    String[] parts = request.rawPath().split("/", 6);
    if (parts.length == 6) {
      return cluster.send(device, request);
    }
    cluster.before.request(device, request);
    int id = device.id().value();
    if (cluster.down.contains(id)) {
      throw new ReplicaFault(ReplicaFault.Kind.UNREACHABLE, device.device() + " is down");
    }
    if (request.method().equals("UPDATE")) {
      return update(request);
    }
    cluster.log.add(device.device() + " " + request.method() + " " + request.target());
    String account = PercentCoding.decode(parts[3]);
    return parts.length == 4
        ? account(id, account, request)
        : container(id, account, PercentCoding.decode(parts[4]), request);
  }

  private Response update(Request request) {
    byte[] body = Bodies.readAll(request.body(), UpdateBatch.MAX_BYTES).join();
    List<Integer> statuses = new ArrayList<>();
    for (UpdateBatch.RowUpdate update : UpdateBatch.decodeRows(body)) {
      for (ListingRow row : update.rows()) {
        ObjectPath path =
            ObjectPath.object(
                update.container().account(), update.container().container(), row.name());
        cluster.rows.merge(
            path,
            new FakeCluster.Row(row.data(), row.deleted(), row.policy()),
            FakeCluster.Row::merge);
      }
      statuses.add(201);
    }
    return new Response(200, new Headers(), Body.of(UpdateBatch.encodeResults(statuses)));
  }

  private Response account(int device, String account, Request request) {
    if (request.method().equals("HEAD")) {
      if (existing.contains(device)) {
        return Response.empty(204);
      }
      return deleted.contains(device)
          ? Response.empty(404, Headers.of("X-Account-Status", "Deleted"))
          : Response.empty(404);
    }
    boolean shown = request.headers().getOr("X-Backend-Show-Deleted", "").equals("true");
    return shown ? names(containers.getOrDefault(account, Set.of()), request) : Response.empty(404);
  }

  private Response container(int device, String account, String name, Request request) {
    Set<String> known = containers.getOrDefault(account, Set.of());
    Headers headers =
        Headers.of("X-Backend-Timestamp", Timestamp.ofTicks(1).internal())
            .set("X-Backend-Storage-Policy-Index", policies.getOrDefault(device, 0));
    if (!known.contains(name)) {
      return Response.empty(404);
    }
    switch (request.method()) {
      case "HEAD":
        return Response.empty(204, headers);
      case "DELETE":
        if (live(account, name, row -> true).isEmpty()) {
          known.remove(name);
          return Response.empty(204);
        }
        return Response.empty(409);
      default:
        int policy =
            Integer.parseInt(request.headers().getOr("X-Backend-Storage-Policy-Index", "0"));
        return names(live(account, name, row -> row.policy() == policy), request);
    }
  }

  private Set<String> live(String account, String name, Predicate<FakeCluster.Row> wanted) {
    Set<String> names = new TreeSet<>();
    cluster.rows.forEach(
        (path, row) -> {
          if (path.account().equals(account)
              && String.valueOf(path.container()).equals(name)
              && !row.deleted()
              && wanted.test(row)) {
            names.add(String.valueOf(path.object()));
          }
        });
    return names;
  }

  private Response names(Set<String> all, Request request) {
    QueryString query = QueryString.parse(request.rawQuery());
    String marker = query.getOr("marker", "");
    List<Map<String, String>> page =
        new TreeSet<>(all)
            .stream()
                .filter(name -> name.compareTo(marker) > 0)
                .limit(2)
                .map(name -> Map.of("name", name))
                .toList();
    byte[] body = json.writeValueAsString(page).getBytes(StandardCharsets.UTF_8);
    return new Response(200, new Headers(), Body.of(body));
  }
}
