package org.martlet.replicator.service;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.martlet.common.http.BlockingHandlers;
import org.martlet.common.http.Bodies;
import org.martlet.common.http.Body;
import org.martlet.common.http.Headers;
import org.martlet.common.http.HttpFault;
import org.martlet.common.http.PercentCoding;
import org.martlet.common.http.Request;
import org.martlet.common.http.Response;
import org.martlet.common.model.ObjectPath;
import org.martlet.common.model.PartitionId;
import org.martlet.common.model.PathHasher;
import org.martlet.common.protocol.BackendHeaders;
import org.martlet.common.protocol.UpdateBatch;
import org.martlet.common.ring.Ring;
import org.martlet.common.ring.RingDevice;
import org.martlet.replicator.run.ReplicaFault;

/// The servers of a cluster as the services ask them: where something belongs by the current
/// rings, and one blocking request to one device.
///
/// - Bound: an answer's body is read up to 8 MiB, an error's text up to 4 KiB.
/// - Threads: any that may block.
public final class Backends {
  private static final int MAX_ANSWER = 8 << 20;
  private static final int MAX_ERROR = 4096;

  private final Transport transport;
  private final ServiceRings rings;
  private final PathHasher hasher;

  public Backends(Transport transport, ServiceRings rings, PathHasher hasher) {
    this.transport = transport;
    this.rings = rings;
    this.hasher = hasher;
  }

  ServiceRings rings() {
    return rings;
  }

  /// Where an account or a container belongs.
  Place place(ObjectPath path) {
    Ring ring = path.container() == null ? rings.account().get() : rings.container().get();
    return place(ring, path);
  }

  /// Where an object belongs.
  ///
  /// @throws ReplicaFault if there is no such policy
  Place place(ObjectPath object, int policy) throws ReplicaFault {
    Ring ring =
        rings
            .object(policy)
            .orElseThrow(
                () ->
                    new ReplicaFault(
                        ReplicaFault.Kind.PROTOCOL, "there is no storage policy " + policy));
    return place(ring, object);
  }

  private Place place(Ring ring, ObjectPath path) {
    PartitionId partition = ring.partition(hasher.hash(path));
    return new Place(path, ring, partition, ring.primaries(partition));
  }

  /// Headers that every request about an object of a policy has.
  static Headers ofPolicy(int policy) {
    return new Headers().set(BackendHeaders.POLICY_INDEX, policy);
  }

  /// Sends a request without a body.
  ///
  /// @throws ReplicaFault also if the device answers that it cannot, or that we may not
  Reply ask(RingDevice device, Place place, String method, Headers headers) throws ReplicaFault {
    return ask(device, place, method, "", headers);
  }

  /// @param query as on the wire, empty for none
  /// @throws ReplicaFault also if the device answers that it cannot, or that we may not
  Reply ask(RingDevice device, Place place, String method, String query, Headers headers)
      throws ReplicaFault {
    return whole(device, open(device, place, method, query, headers, Body.empty()));
  }

  /// Sends a request with a body.
  ///
  /// @throws ReplicaFault also if the device answers that it cannot, or that we may not
  Reply upload(RingDevice device, Place place, Headers headers, Body body) throws ReplicaFault {
    return whole(device, open(device, place, "PUT", "", headers, body));
  }

  /// Joins rows into a listing that a device has.
  ///
  /// @return the status of each update of the batch, 201 for stored
  /// @throws ReplicaFault also if the device answers that it cannot, or that we may not
  List<Integer> update(RingDevice device, byte[] batch, int updates) throws ReplicaFault {
    Request request = new Request("UPDATE", "/" + device.device(), new Headers(), Body.of(batch));
    Reply reply = whole(device, usable(device, transport.send(device, request)));
    if (!reply.isSuccess()) {
      throw new ReplicaFault(
          ReplicaFault.Kind.PROTOCOL, name(device) + ": it answered " + reply.status());
    }
    try {
      return UpdateBatch.decodeResults(reply.body(), updates);
    } catch (IllegalArgumentException e) {
      throw new ReplicaFault(ReplicaFault.Kind.PROTOCOL, name(device) + ": " + e.getMessage(), e);
    }
  }

  /// An answer of any status below 500, of which the body is left to the caller.
  Response open(
      RingDevice device, Place place, String method, String query, Headers headers, Body body)
      throws ReplicaFault {
    String path =
        "/"
            + device.device()
            + "/"
            + place.partition()
            + PercentCoding.encodePath(place.path().toString());
    String target = query.isEmpty() ? path : path + "?" + query;
    Headers all = headers.copy().set(BackendHeaders.ALLOW_RESERVED_NAMES, "true");
    return usable(device, transport.send(device, new Request(method, target, all, body)));
  }

  private static Response usable(RingDevice device, Response response) throws ReplicaFault {
    int status = response.status();
    if (status < 500 && status != 401 && status != 405) {
      return response;
    }
    boolean later = status == 503 || status == 507;
    String words = new String(read(device, response, MAX_ERROR), StandardCharsets.UTF_8).strip();
    throw new ReplicaFault(
        later ? ReplicaFault.Kind.UNAVAILABLE : ReplicaFault.Kind.PROTOCOL,
        name(device) + ": it answered " + status + ": " + words);
  }

  private static Reply whole(RingDevice device, Response response) throws ReplicaFault {
    return new Reply(response.status(), response.headers(), read(device, response, MAX_ANSWER));
  }

  private static byte[] read(RingDevice device, Response response, int max) throws ReplicaFault {
    try {
      return BlockingHandlers.await(Bodies.readAll(response.body(), max));
    } catch (HttpFault e) {
      throw new ReplicaFault(
          ReplicaFault.Kind.UNREACHABLE, name(device) + ": " + e.getMessage(), e);
    }
  }

  /// `host:port/device`.
  static String name(RingDevice device) {
    return device.address() + "/" + device.device();
  }
}
