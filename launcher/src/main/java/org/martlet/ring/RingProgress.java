package org.martlet.ring;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import org.martlet.terminal.Sheet;
import tools.jackson.databind.JsonNode;

/// How far servers are on the way to the newest rings: pure, of their answers at one moment.
///
/// @param rings each by its name
/// @param silent servers that do not answer, and why
record RingProgress(List<One> rings, List<String> silent) {
  /// One ring.
  ///
  /// @param version the newest that is known
  /// @param servers that have it
  /// @param behind those that have an older one, or none
  /// @param moving those that have the newest, and still data that belong elsewhere by it
  /// @param copying those of the rest that have not yet seen that nobody lacks what they have
  record One(
      String name,
      long version,
      int servers,
      List<String> behind,
      List<String> moving,
      List<String> copying) {
    boolean isDone() {
      return servers > 0 && behind.isEmpty() && moving.isEmpty() && copying.isEmpty();
    }

    private String words() {
      if (isDone()) {
        return name + ": all moved";
      }
      StringJoiner words = new StringJoiner("; ", name + " version " + version + ": ", "");
      if (!behind.isEmpty()) {
        words.add("not yet at " + String.join(", ", behind));
      }
      if (!moving.isEmpty()) {
        words.add(these(moving, "move data"));
      }
      if (!copying.isEmpty()) {
        words.add(these(copying, "look for missing copies"));
      }
      return words.toString();
    }

    private String these(List<String> some, String what) {
      return some.size() + " of " + servers + " servers " + what + ": " + String.join(", ", some);
    }
  }

  /// @param here the versions of the rings on this machine, by name
  static RingProgress of(Map<String, Long> here, List<RingServers.Server> servers) {
    List<RingServers.Server> speaking = servers.stream().filter(s -> s.rings() != null).toList();
    List<One> rings = new ArrayList<>();
    here.forEach((name, version) -> rings.add(of(name, version, speaking)));
    return new RingProgress(
        rings,
        servers.stream()
            .filter(server -> server.rings() == null)
            .map(
                server ->
                    server.address() + " (" + Sheet.shown(String.valueOf(server.fault())) + ")")
            .toList());
  }

  private static One of(String name, long here, List<RingServers.Server> servers) {
    long newest = servers.stream().mapToLong(s -> version(s, name)).max().orElse(here);
    newest = Math.max(here, newest);
    int having = 0;
    List<String> behind = new ArrayList<>();
    List<String> moving = new ArrayList<>();
    List<String> copying = new ArrayList<>();
    for (RingServers.Server server : servers) {
      JsonNode ring = server.ring(name);
      String address = server.address().toString();
      if (version(server, name) < newest) {
        behind.add(address);
        continue;
      }
      having++;
      if (!ring.path("settled").asBoolean(false)) {
        moving.add(address);
      } else if (!ring.path("complete").asBoolean(false)) {
        copying.add(address);
      }
    }
    return new One(name, newest, having, behind, moving, copying);
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
