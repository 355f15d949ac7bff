package org.martlet.replicator.service;

import java.util.ArrayList;
import java.util.List;
import org.martlet.common.http.Headers;
import org.martlet.common.http.PercentCoding;
import org.martlet.common.ring.RingDevice;
import org.martlet.replicator.run.ReplicaFault;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Reads the names in a listing of one device, page by page.
final class Listings {
  private static final int PAGE = 1000;

  private final Backends backends;
  private final JsonMapper json = new JsonMapper();

  Listings(Backends backends) {
    this.backends = backends;
  }

  /// The names after a marker, in order; empty after the last, and where there is no such listing.
  List<String> page(RingDevice device, Place place, String marker, Headers headers)
      throws ReplicaFault {
    String query = "format=json&limit=" + PAGE + "&marker=" + PercentCoding.encode(marker);
    Reply reply = backends.ask(device, place, "GET", query, headers);
    if (reply.status() == 404) {
      return List.of();
    }
    if (!reply.isSuccess()) {
      throw new ReplicaFault(
          ReplicaFault.Kind.PROTOCOL,
          Backends.name(device) + ": a listing was answered with " + reply.status());
    }
    try {
      List<String> names = new ArrayList<>();
      for (JsonNode each : json.readTree(reply.body())) {
        names.add(each.path("name").asString());
      }
      return names;
    } catch (JacksonException e) {
      throw new ReplicaFault(
          ReplicaFault.Kind.PROTOCOL, Backends.name(device) + ": not the JSON of a listing", e);
    }
  }
}
