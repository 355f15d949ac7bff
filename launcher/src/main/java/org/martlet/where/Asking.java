package org.martlet.where;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.martlet.cluster.Cluster;
import org.martlet.cluster.NodeClient;
import org.martlet.common.http.Endpoint;
import org.martlet.common.http.Headers;
import org.martlet.common.http.HttpClient;
import org.martlet.where.WhereReport.Place;

/// Asks devices, many at a time.
///
/// - Bound: 64 questions under way; each answer has its time to its last byte, and 1 MiB.
/// - Threads: one.
final class Asking implements AutoCloseable {
  private static final int AT_ONCE = 64;
  private static final int MAX_ANSWER = 1 << 20;

  private final NodeClient client;
  private final Duration patience;

  /// @param patience with one answer: an object server reads a whole body before it answers
  Asking(Cluster cluster, Duration patience) {
    this.client = new NodeClient(cluster, patience);
    this.patience = patience;
  }

  /// @param target path and query
  record Question(String method, String target, Headers headers) {}

  /// Every place's answer, in their order.
  Map<Place, NodeClient.Reply> ask(List<Place> places, Function<Place, Question> question) {
    Map<Place, NodeClient.Reply> replies = new LinkedHashMap<>();
    for (int from = 0; from < places.size(); from += AT_ONCE) {
      List<Place> some = places.subList(from, Math.min(places.size(), from + AT_ONCE));
      List<HttpClient.Call> calls = new ArrayList<>();
      for (Place place : some) {
        Question asked = question.apply(place);
        calls.add(
            client.send(
                endpoint(place), asked.method(), asked.target(), asked.headers(), new byte[0]));
      }
      long deadline = System.nanoTime() + patience.toNanos();
      for (int i = 0; i < some.size(); i++) {
        replies.put(some.get(i), NodeClient.reply(calls.get(i), deadline, MAX_ANSWER));
      }
    }
    return replies;
  }

  private static Endpoint endpoint(Place place) {
    int colon = place.node().lastIndexOf(':');
    String host = place.node().substring(0, colon);
    return new Endpoint(
        host.startsWith("[") ? host.substring(1, host.length() - 1) : host,
        Integer.parseInt(place.node().substring(colon + 1)));
  }

  static String text(NodeClient.Reply reply) {
    return new String(reply.body(), StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    client.close();
  }
}
