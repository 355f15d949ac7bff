package org.martlet.proxyserver.api;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import org.martlet.common.http.Body;
import org.martlet.common.http.HttpClient;
import org.martlet.common.http.Response;
import org.martlet.common.ring.RingDevice;
import org.martlet.proxyserver.backend.BackendAnswer;
import org.martlet.proxyserver.backend.BackendNode;
import org.martlet.proxyserver.backend.BackendRequest;
import org.martlet.proxyserver.backend.Cluster;
import org.martlet.proxyserver.backend.Placement;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The account and container servers of a cluster.
public final class ClusterListings implements ListingServers {
  private static final Logger log = LoggerFactory.getLogger(ClusterListings.class);

  private final Cluster cluster;

  public ClusterListings(Cluster cluster) {
    this.cluster = cluster;
  }

  @Override
  public Response read(Ask ask, boolean newest) throws InterruptedException {
    BackendAnswer answer = cluster.read(request(ask), newest);
    return new Response(answer.status(), answer.headers(), answer.body());
  }

  @Override
  public Response change(Ask ask) throws InterruptedException {
    BackendAnswer answer = cluster.change(request(ask));
    answer.body().close();
    return new Response(answer.status(), answer.headers(), Body.empty());
  }

  @Override
  public List<Response> readAll(Ask ask) throws InterruptedException {
    Placement placement = cluster.place(ask.path());
    BackendRequest request = request(ask);
    List<HttpClient.Call> calls = new ArrayList<>();
    for (RingDevice device : placement.primaries()) {
      BackendNode node = new BackendNode(device, placement.partition(), false);
      calls.add(cluster.client().send(node, calls.size(), request));
    }
    List<Response> heads = new ArrayList<>();
    for (HttpClient.Call call : calls) {
      try {
        Response answer = call.response().get();
        answer.body().close();
        heads.add(answer);
      } catch (ExecutionException e) {
        log.debug("a replica of {} did not answer: {}", ask.path(), e.getCause());
      }
    }
    return heads;
  }

  private static BackendRequest request(Ask ask) {
    return BackendRequest.of(ask.method(), ask.path(), ask.headers(), ask.transactionId())
        .withQuery(ask.query());
  }
}
