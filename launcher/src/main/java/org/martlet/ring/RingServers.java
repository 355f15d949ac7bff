package org.martlet.ring;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.martlet.cluster.NodeClient;
import org.martlet.common.http.Endpoint;
import org.martlet.common.http.Headers;
import org.martlet.common.http.HttpClient;
import org.martlet.common.protocol.BackendHeaders;
import org.martlet.common.ring.Ring;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The servers that need rings: those that rings name, and others that are given, e.g. proxies.
final class RingServers {
  private final NodeClient client;

  RingServers(NodeClient client) {
    this.client = client;
  }

  /// One server process, by the first of its addresses.
  ///
  /// @param rings what it says of its rings; null where there is a fault
  /// @param fault why there is no answer; null where there is one
  record Server(Endpoint address, @Nullable JsonNode rings, @Nullable String fault) {}

  /// The addresses in rings, then others, each once.
  static List<Endpoint> addresses(Collection<Ring> rings, Collection<Endpoint> others) {
    Set<Endpoint> found = new TreeSet<>(Comparator.comparing(Endpoint::toString));
    rings.forEach(
        ring ->
            ring.devices().forEach(device -> found.add(new Endpoint(device.ip(), device.port()))));
    List<Endpoint> all = new ArrayList<>(found);
    others.stream().filter(other -> !found.contains(other)).distinct().forEach(all::add);
    return all;
  }

  /// Asks all at once; a process that has several of the addresses is there once.
  List<Server> ask(List<Endpoint> addresses) {
    Map<Endpoint, HttpClient.Call> calls = new LinkedHashMap<>();
    addresses.forEach(address -> calls.put(address, client.send(address, "GET", "/rings")));
    Set<String> seen = new HashSet<>();
    List<Server> servers = new ArrayList<>();
    calls.forEach(
        (address, call) -> {
          Server server = server(address, NodeClient.await(call));
          if (server.rings() == null || seen.add(server.rings().path("instance").asString(""))) {
            servers.add(server);
          }
        });
    return servers;
  }

  private static Server server(Endpoint address, NodeClient.Answer answer) {
    if (answer.fault() != null) {
      return new Server(address, null, answer.fault());
    }
    try {
      return new Server(address, JsonMapper.shared().readTree(answer.body()), null);
    } catch (JacksonException e) {
      return new Server(address, null, "its answer is not understood: is it of another version?");
    }
  }

  /// Sends a ring to one server.
  NodeClient.Answer send(Endpoint address, String name, byte[] file, String seal) {
    Headers headers = Headers.of(BackendHeaders.RING_SEAL, seal);
    return NodeClient.await(
        client.send(address, "PUT", "/rings/" + name + ".ring.gz", headers, file));
  }
}
