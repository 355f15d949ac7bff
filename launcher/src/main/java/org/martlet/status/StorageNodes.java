package org.martlet.status;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.martlet.cluster.Cluster;
import org.martlet.common.http.BlockingBody;
import org.martlet.common.http.BlockingHandlers;
import org.martlet.common.http.Endpoint;
import org.martlet.common.http.EventLoops;
import org.martlet.common.http.Headers;
import org.martlet.common.http.HttpClient;
import org.martlet.common.http.HttpClientConfig;
import org.martlet.common.http.HttpFault;
import org.martlet.common.http.NettyHttpClient;
import org.martlet.common.http.Request;
import org.martlet.common.http.Response;
import org.martlet.common.http.Timeouts;
import org.martlet.common.protocol.BackendSignature;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The storage nodes that the object rings name, asked all at once.
final class StorageNodes implements AutoCloseable {
  private static final int MAX_ANSWER = 64 << 20;
  private static final Timeouts TIMEOUTS =
      new Timeouts(Duration.ofSeconds(2), Duration.ofSeconds(10), Duration.ofSeconds(10));

  private final List<Endpoint> nodes;
  private final BackendSignature signature;
  private final EventLoops loops = EventLoops.start();
  private final HttpClient client = new NettyHttpClient(loops, HttpClientConfig.DEFAULT);

  StorageNodes(Cluster cluster) {
    this.nodes = endpoints(cluster);
    this.signature = cluster.signature(InstantSource.system());
  }

  private static List<Endpoint> endpoints(Cluster cluster) {
    return cluster.policies().all().stream()
        .flatMap(policy -> cluster.objectRing(policy).current().devices().stream())
        .map(device -> new Endpoint(device.ip(), device.port()))
        .distinct()
        .sorted(Comparator.comparing(Endpoint::toString))
        .toList();
  }

  /// What a node said.
  ///
  /// @param json null where there is a fault
  /// @param fault why there is no answer; null where there is one
  record Said(@Nullable JsonNode json, @Nullable String fault) {}

  /// Every node's answer to one request, in the order of their addresses.
  Map<Endpoint, Said> ask(String method, String target) {
    List<HttpClient.Call> calls = new ArrayList<>();
    for (Endpoint node : nodes) {
      Headers headers = new Headers();
      signature.sign(method, target, 0, headers);
      calls.add(client.send(node, Request.withoutBody(method, target, headers), TIMEOUTS));
    }
    Map<Endpoint, Said> said = new LinkedHashMap<>();
    for (int n = 0; n < nodes.size(); n++) {
      said.put(nodes.get(n), said(calls.get(n)));
    }
    return said;
  }

  private static Said said(HttpClient.Call call) {
    try {
      Response response = BlockingHandlers.await(call.response());
      try (BlockingBody body = new BlockingBody(response.body())) {
        byte[] answer = body.readAll(MAX_ANSWER);
        if (!response.isSuccess()) {
          return new Said(null, refused(response.status(), answer));
        }
        return new Said(JsonMapper.shared().readTree(answer), null);
      }
    } catch (HttpFault e) {
      return new Said(null, "no answer: " + e.getMessage());
    } catch (JacksonException e) {
      return new Said(null, "its answer is not understood: is it of another version?");
    }
  }

  private static String refused(int status, byte[] answer) {
    String text = new String(answer, StandardCharsets.UTF_8).strip();
    return switch (status) {
      case 401 -> "it refuses the request: " + text;
      case 404, 405 -> "it does not know the request: is it of another version?";
      default -> "it answers " + status + ": " + text;
    };
  }

  @Override
  public void close() {
    client.close();
    loops.close();
  }
}
