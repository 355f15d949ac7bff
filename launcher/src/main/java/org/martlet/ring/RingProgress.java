package org.martlet.ring;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.StringJoiner;
import tools.jackson.databind.JsonNode;

/// How far servers are on the way to the newest rings: pure, of their answers at one moment.
///
/// @param rings each by its name
/// @param silent servers that do not answer
record RingProgress(List<One> rings, List<String> silent) {
  /// One ring.
  ///
  /// @param version the newest that a server has; -1 if none has it
  /// @param servers that have it
  /// @param behind those that have an older one
  /// @param moving those that have the newest, and still data that belong elsewhere by it
  record One(String name, long version, int servers, List<String> behind, List<String> moving) {
    boolean isDone() {
      return servers > 0 && behind.isEmpty() && moving.isEmpty();
    }

    private String words() {
      if (isDone()) {
        return name + ": all moved";
      }
      if (servers == 0) {
        return name + ": no server has it";
      }
      StringJoiner words = new StringJoiner("; ", name + " version " + version + ": ", "");
      if (!behind.isEmpty()) {
        words.add("not yet at " + String.join(", ", behind));
      }
      if (!moving.isEmpty()) {
        words.add(
            moving.size() + " of " + servers + " servers move data: " + String.join(", ", moving));
      }
      return words.toString();
    }
  }

  static RingProgress of(Collection<String> names, List<RingServers.Server> servers) {
    List<One> rings = names.stream().map(name -> of(name, servers)).toList();
    return new RingProgress(
        rings,
        servers.stream()
            .filter(server -> server.rings() == null)
            .map(server -> server.address().toString())
            .toList());
  }

  private static One of(String name, List<RingServers.Server> servers) {
    long newest = servers.stream().mapToLong(server -> version(server, name)).max().orElse(-1);
    int having = 0;
    List<String> behind = new ArrayList<>();
    List<String> moving = new ArrayList<>();
    for (RingServers.Server server : servers) {
      JsonNode ring = server.ring(name);
      if (ring.isMissingNode()) {
        continue;
      }
      having++;
      if (version(server, name) < newest) {
        behind.add(server.address().toString());
      } else if (!ring.path("settled").asBoolean(false)) {
        moving.add(server.address().toString());
      }
    }
    return new One(name, newest, having, behind, moving);
  }

  private static long version(RingServers.Server server, String name) {
    return server.ring(name).path("version").asLong(-1);
  }

  /// Whether all data are where the newest rings place them.
  boolean isDone() {
    return silent.isEmpty() && rings.stream().allMatch(One::isDone);
  }

  /// In a line.
  String words() {
    StringJoiner words = new StringJoiner(" | ");
    rings.forEach(ring -> words.add(ring.words()));
    if (!silent.isEmpty()) {
      words.add("no answer from " + String.join(", ", silent));
    }
    return words.toString();
  }
}
