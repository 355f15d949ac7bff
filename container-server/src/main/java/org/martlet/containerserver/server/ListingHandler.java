package org.martlet.containerserver.server;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.martlet.common.http.Headers;
import org.martlet.common.http.HttpHandler;
import org.martlet.common.http.Refused;
import org.martlet.common.http.Request;
import org.martlet.common.http.Response;
import org.martlet.common.http.ServerRequest;
import org.martlet.common.protocol.BackendHeaders;
import org.martlet.common.protocol.BackendPath;
import org.martlet.common.protocol.BackendSignature;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One service's port: lets requests in, finds their device, hands them to its threads.
///
/// Threads: event loops; never blocks.
final class ListingHandler implements HttpHandler {
  private static final Logger log = LoggerFactory.getLogger(ListingHandler.class);

  private final Verbs verbs;
  private final ReplicationHandler replication;
  private final Map<String, ListingDevice> devices;
  private final BackendSignature signature;
  private final BodyCollector bodies;
  private final ReconAnswers recon;

  ListingHandler(
      Verbs verbs,
      ReplicationHandler replication,
      Map<String, ListingDevice> devices,
      BackendSignature signature,
      BodyCollector bodies,
      ReconAnswers recon) {
    this.verbs = verbs;
    this.replication = replication;
    this.devices = devices;
    this.signature = signature;
    this.bodies = bodies;
    this.recon = recon;
  }

  @Override
  public CompletableFuture<Response> handle(ServerRequest exchange) {
    Request request = exchange.request();
    boolean withBody = !request.method().equals("HEAD");
    try {
      return route(exchange)
          .exceptionally(failure -> Answers.of(failure, withBody))
          .whenComplete((response, failure) -> trace(request, response));
    } catch (Refused refused) {
      return CompletableFuture.completedFuture(refused.response(withBody));
    }
  }

  private static void trace(Request request, @Nullable Response response) {
    if (log.isDebugEnabled()) {
      log.debug(
          "{} {} {} {}",
          request.method(),
          request.rawPath(),
          response == null ? 500 : response.status(),
          request.headers().getOr(BackendHeaders.TRANSACTION, "-"));
    }
  }

  private CompletableFuture<Response> route(ServerRequest exchange) {
    Request request = exchange.request();
    @Nullable Response open = recon.answer(request);
    if (open != null) {
      return CompletableFuture.completedFuture(open);
    }
    String method = request.method();
    if (method.equals("OPTIONS")) {
      return CompletableFuture.completedFuture(
          Response.empty(200, allow().set("Server", recon.server())));
    }
    signature.check(exchange);
    ReplicationHandler.@Nullable Target target = ReplicationHandler.Target.of(request.rawPath());
    if (target != null) {
      return replication.handle(request, device(target.device()), target.what());
    }
    if (method.equals("UPDATE")) {
      return update(request);
    }
    if (!verbs.methods().contains(method)) {
      throw new Refused(405, "The method is not allowed here", allow());
    }
    boolean reserved = new RequestFields(request.headers()).allowsReservedNames();
    BackendPath path = BackendPath.parse(request.rawPath(), reserved);
    ListingDevice device = device(path.device());
    Call call = new Call(request, path, device);
    return device.lane().callAsync(() -> verbs.answer(call));
  }

  private CompletableFuture<Response> update(Request request) {
    ListingDevice device = device(BackendPath.parseDevice(request.rawPath()));
    return bodies.collect(
        request.body(),
        device.batches(),
        batch -> device.lane().callAsync(() -> verbs.update(device, batch)));
  }

  private Headers allow() {
    String methods = verbs.methods().stream().sorted().collect(Collectors.joining(", "));
    return Headers.of("Allow", methods + ", OPTIONS, UPDATE");
  }

  /// @throws Refused 507 if there is no such device here or it does not serve
  private ListingDevice device(String name) {
    ListingDevice device = devices.get(name);
    if (device == null) {
      throw new Refused(507, "Drive " + name + " is not on this server");
    }
    device.online();
    return device;
  }
}
