package org.martlet.status;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.martlet.cluster.Cluster;
import org.martlet.cluster.NodeClient;
import org.martlet.common.http.Endpoint;
import org.martlet.common.http.HttpClient;
import org.martlet.common.ring.Ring;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The storage servers that a cluster's rings name, asked many at a time.
///
/// - Bound: 64 questions under way; an answer has five seconds to its last byte, at most 8 MiB, and
///   JSON of a depth of 20. What goes beyond is a fault of the server that answers so.
/// - Threads: one.
final class StorageNodes implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final int AT_ONCE = 64;
  private static final int MAX_ANSWER = 8 << 20;
  private static final int MAX_DEPTH = 20;
  private static final int MAX_FAULT = 300;
  private static final String NOT_UNDERSTOOD =
      "its answer is not understood: is it of another version?";

  private final Cluster cluster;
  private final Duration patience;
  private final NodeClient client;
  private final JsonMapper json =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(MAX_DEPTH)
                          .maxStringLength(64 << 10)
                          .build())
                  .build())
          .build();

  StorageNodes(Cluster cluster) {
    this(cluster, PATIENCE);
  }

  /// @param patience with one answer, and with all that are asked at once
  StorageNodes(Cluster cluster, Duration patience) {
    this.cluster = cluster;
    this.patience = patience;
    this.client = new NodeClient(cluster, patience);
  }

  Cluster cluster() {
    return cluster;
  }

  /// The servers of the object rings, in the order of their addresses.
  List<Endpoint> objectServers() {
    return services().entrySet().stream()
        .filter(entry -> entry.getValue().contains("object"))
        .map(Map.Entry::getKey)
        .toList();
  }

  /// All servers with what they are for by the rings: `object`, `container`, `account`.
  SortedMap<Endpoint, Set<String>> services() {
    SortedMap<Endpoint, Set<String>> services =
        new TreeMap<>(Comparator.comparing(Endpoint::toString));
    cluster.policies().all().stream()
        .map(policy -> cluster.objectRing(policy).current())
        .forEach(ring -> add(services, ring, "object"));
    add(services, cluster.containerRing().current(), "container");
    add(services, cluster.accountRing().current(), "account");
    return services;
  }

  private static void add(Map<Endpoint, Set<String>> services, Ring ring, String service) {
    ring.devices()
        .forEach(
            device ->
                services
                    .computeIfAbsent(
                        new Endpoint(device.ip(), device.port()), first -> new TreeSet<>())
                    .add(service));
  }

  /// @param target path and query
  record Question(Endpoint server, String target) {}

  /// What a server said.
  ///
  /// @param status 0 where there is no answer
  /// @param json null where there is a fault
  /// @param fault why there is no answer; null where there is one
  record Said(int status, @Nullable JsonNode json, @Nullable String fault) {}

  /// Every server's answer to one request, in their order.
  Map<Endpoint, Said> ask(Collection<Endpoint> servers, String method, String target) {
    Map<Endpoint, Said> answers = new LinkedHashMap<>();
    ask(method, servers.stream().map(server -> new Question(server, target)))
        .forEach((question, said) -> answers.put(question.server(), said));
    return answers;
  }

  /// The answers to questions of any kind.
  Map<Question, Said> ask(Stream<Question> questions) {
    return ask("GET", questions);
  }

  private Map<Question, Said> ask(String method, Stream<Question> questions) {
    List<Question> all = questions.distinct().toList();
    Map<Question, Said> answers = new LinkedHashMap<>();
    for (int from = 0; from < all.size(); from += AT_ONCE) {
      List<Question> some = all.subList(from, Math.min(all.size(), from + AT_ONCE));
      List<HttpClient.Call> calls = new ArrayList<>();
      some.forEach(
          question -> calls.add(client.send(question.server(), method, question.target())));
      long deadline = System.nanoTime() + patience.toNanos();
      for (int i = 0; i < some.size(); i++) {
        answers.put(some.get(i), said(NodeClient.await(calls.get(i), deadline, MAX_ANSWER)));
      }
    }
    return answers;
  }

  private Said said(NodeClient.Answer answer) {
    if (answer.fault() != null) {
      return new Said(answer.status(), null, Facts.shortened(plain(answer.fault()), MAX_FAULT));
    }
    try {
      JsonNode root = json.readTree(answer.body());
      return root.isObject()
          ? new Said(answer.status(), root, null)
          : new Said(answer.status(), null, NOT_UNDERSTOOD);
    } catch (JacksonException e) {
      return new Said(answer.status(), null, NOT_UNDERSTOOD);
    }
  }

  /// Without the names of the library's own calls.
  private static String plain(String fault) {
    return fault.replaceAll("[a-zA-Z]+\\(\\.\\.\\) failed with error\\(-?[0-9]+\\): ", "");
  }

  @Override
  public void close() {
    client.close();
  }
}
