package org.martlet.proxyserver.api;

import java.util.List;
import org.martlet.common.http.Response;

/// Passes everything on, for tests that listen in.
class ForwardingServers implements ListingServers {
  private final ListingServers servers;

  ForwardingServers(ListingServers servers) {
    this.servers = servers;
  }

  @Override
  public Response read(Ask ask, boolean newest) throws InterruptedException {
    return servers.read(ask, newest);
  }

  @Override
  public List<Response> readAll(Ask ask) throws InterruptedException {
    return servers.readAll(ask);
  }

  @Override
  public Response change(Ask ask) throws InterruptedException {
    return servers.change(ask);
  }
}
