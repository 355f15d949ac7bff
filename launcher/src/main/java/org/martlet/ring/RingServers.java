package org.martlet.ring;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.martlet.cluster.NodeClient;
import org.martlet.common.http.Endpoint;
import org.martlet.common.http.Headers;
import org.martlet.common.http.HttpClient;
import org.martlet.common.protocol.BackendHeaders;
import org.martlet.common.ring.Ring;
import org.martlet.common.ring.RingFile;
import org.martlet.common.ring.RingFileException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.MissingNode;

/// The servers that need rings: those that rings name, and others that are given, e.g. proxies.
final class RingServers {
  private static final Logger LOG = LoggerFactory.getLogger(RingServers.class);

  private static final int AT_ONCE = 16;
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  /// What a list of rings may have.
  private static final int MAX_BYTES = 1 << 20;

  private final NodeClient client;

  RingServers(NodeClient client) {
    this.client = client;
  }

  /// One server process, by the first of its addresses.
  ///
  /// @param rings what it says of its rings; null where there is a fault
  /// @param fault why there is no answer; null where there is one
  record Server(Endpoint address, @Nullable JsonNode rings, @Nullable String fault) {
    /// What it says of one ring.
    JsonNode ring(String name) {
      return rings == null ? MissingNode.getInstance() : rings.path("rings").path(name);
    }
  }

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

  /// Asks all at once, for a few seconds; a process that has several of the addresses is there
  /// once.
  List<Server> ask(List<Endpoint> addresses) {
    return ask(addresses, PATIENCE);
  }

  /// @param patience how long to wait for all answers together
  List<Server> ask(List<Endpoint> addresses, Duration patience) {
    long deadline = System.nanoTime() + patience.toNanos();
    Map<Endpoint, HttpClient.Call> calls = new LinkedHashMap<>();
    addresses.forEach(address -> calls.put(address, client.send(address, "GET", "/rings")));
    Set<String> seen = new HashSet<>();
    List<Server> servers = new ArrayList<>();
    calls.forEach(
        (address, call) -> {
          Server server = server(address, NodeClient.await(call, deadline, MAX_BYTES));
          if (server.rings() == null || seen.add(server.rings().path("instance").asString())) {
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
      JsonNode rings = JsonMapper.shared().readTree(answer.body());
      if (rings.path("instance").isString() && rings.path("rings").isObject()) {
        return new Server(address, rings, null);
      }
    } catch (JacksonException e) {
      LOG.debug("{} answers no JSON", address, e);
    }
    return new Server(address, null, "its answer is not understood: is it of another version?");
  }

  /// The ring that a server has in force; empty if it cannot be had.
  Optional<Ring> inForce(Endpoint address, String name) throws IOException {
    NodeClient.Content content =
        NodeClient.content(client.send(address, "GET", "/rings/" + name + ".ring.gz"));
    if (content.fault() != null) {
      return Optional.empty();
    }
    Path file = Files.createTempFile("martlet-", ".ring.gz");
    try {
      Files.write(file, content.bytes());
      return Optional.of(RingFile.read(file));
    } catch (RingFileException e) {
      return Optional.empty();
    } finally {
      Files.delete(file);
    }
  }

  /// Sends a ring to servers, to some at once.
  ///
  /// @return their answers in the same order
  List<NodeClient.Answer> send(List<Endpoint> servers, GivenRing ring, String seal) {
    List<NodeClient.Answer> answers = new ArrayList<>();
    for (int from = 0; from < servers.size(); from += AT_ONCE) {
      servers.subList(from, Math.min(from + AT_ONCE, servers.size())).stream()
          .map(address -> send(address, ring, seal))
          .toList()
          .forEach(call -> answers.add(NodeClient.await(call)));
    }
    return answers;
  }

  private HttpClient.Call send(Endpoint address, GivenRing ring, String seal) {
    Headers headers = Headers.of(BackendHeaders.RING_SEAL, seal);
    return client.send(
        address, "PUT", "/rings/" + ring.name() + ".ring.gz", headers, ring.content());
  }
}
