package org.martlet.role;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.martlet.cluster.RingPage;
import org.martlet.common.http.Body;
import org.martlet.common.http.Headers;
import org.martlet.common.http.HttpHandler;
import org.martlet.common.http.Refused;
import org.martlet.common.http.Request;
import org.martlet.common.http.Response;
import org.martlet.common.http.ServerRequest;
import org.martlet.common.protocol.BackendSignature;
import tools.jackson.databind.json.JsonMapper;

/// What a storage process says of its background work, in front of its services:
/// `GET /recon/martlet/replication`, unsigned, and `POST /replication/{pause,resume,pass}`, signed.
///
/// - Threads: any.
final class BackgroundPage {
  private static final String STATUS = "/recon/martlet/replication";
  private static final String STEERING = "/replication/";

  private final BackendSignature signature;
  private final RingPage rings;
  private final JsonMapper json = JsonMapper.builder().build();
  private final ClientRequests clients = new ClientRequests();
  private volatile @Nullable BackgroundService service;

  /// @param rings comes first
  BackgroundPage(BackendSignature signature, RingPage rings) {
    this.signature = signature;
    this.rings = rings;
  }

  /// Background work begins after the services that it speaks to.
  void began(BackgroundService background) {
    service = background;
  }

  /// What came in to the services behind this page.
  ClientRequests clients() {
    return clients;
  }

  /// The page before a service's handler.
  HttpHandler before(HttpHandler handler) {
    HttpHandler behind = clients.counted(rings.beforeService(handler));
    return server -> {
      Request request = server.request();
      String path = request.rawPath();
      boolean mine =
          request.method().equals("POST") ? path.startsWith(STEERING) : path.equals(STATUS);
      if (!mine) {
        return behind.handle(server);
      }
      try {
        return CompletableFuture.completedFuture(
            request.method().equals("POST") ? steer(server, path) : status(request));
      } catch (Refused refused) {
        return CompletableFuture.completedFuture(refused.response());
      }
    };
  }

  private Response status(Request request) {
    if (!request.method().equals("GET") && !request.method().equals("HEAD")) {
      throw new Refused(405, "The method is not allowed here", Headers.of("Allow", "GET, HEAD"));
    }
    byte[] text =
        json.writeValueAsString(BackgroundJson.of(running())).getBytes(StandardCharsets.UTF_8);
    return new Response(200, Headers.of("Content-Type", "application/json"), Body.of(text));
  }

  /// Background work as Swift's tools see it.
  BackgroundRecon recon() {
    return new BackgroundRecon(() -> service);
  }

  private BackgroundService running() {
    BackgroundService background = service;
    if (background == null) {
      throw new Refused(503, "Background work has not begun yet");
    }
    return background;
  }

  private Response steer(ServerRequest server, String path) {
    signature.check(server);
    BackgroundService background = running();
    switch (path.substring(STEERING.length())) {
      case "pause" -> background.pause();
      case "resume" -> background.resume();
      case "pass" -> background.passNow();
      default -> throw new Refused(404, "Known are pause, resume and pass");
    }
    return status(new Request("GET", STATUS, new Headers(), Body.empty()));
  }
}
