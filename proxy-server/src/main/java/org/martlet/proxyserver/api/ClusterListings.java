package org.martlet.proxyserver.api;

import java.util.List;
import org.martlet.common.http.Body;
import org.martlet.common.http.Response;
import org.martlet.proxyserver.backend.BackendAnswer;
import org.martlet.proxyserver.backend.BackendRequest;
import org.martlet.proxyserver.backend.Cluster;

/// The account and container servers of a cluster.
public final class ClusterListings implements ListingServers {
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
    return cluster.readAll(request(ask)).stream()
        .map(answer -> Response.empty(answer.status(), answer.headers()))
        .toList();
  }

  private static BackendRequest request(Ask ask) {
    return BackendRequest.of(ask.method(), ask.path(), ask.headers(), ask.transactionId())
        .withQuery(ask.query());
  }
}
