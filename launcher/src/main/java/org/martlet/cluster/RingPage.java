package org.martlet.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import org.martlet.common.http.Bodies;
import org.martlet.common.http.Body;
import org.martlet.common.http.Headers;
import org.martlet.common.http.HttpFault;
import org.martlet.common.http.HttpHandler;
import org.martlet.common.http.Refused;
import org.martlet.common.http.Request;
import org.martlet.common.http.Response;
import org.martlet.common.http.ServerRequest;
import org.martlet.common.protocol.BackendHeaders;
import org.martlet.common.protocol.BackendSignature;
import org.martlet.common.ring.Ring;
import org.martlet.common.ring.RingFile;
import org.martlet.common.ring.RingInbox;
import org.martlet.common.ring.RingSeal;
import org.martlet.common.ring.RingWatcher;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// A server's rings, in front of its services: `GET /rings` tells which it has, `GET
/// /rings/<name>.ring.gz` and `….seal` give them away, `PUT /rings/<name>.ring.gz` takes a newer
/// one.
///
/// - Bound: one ring at a time comes in, of at most [RingInbox#MAX_FILE_BYTES]; eight at a time go
///   out, in pieces of one array for all; who comes beyond that, or whom the executor rejects, is
///   answered 503.
/// - Threads: any; files are read and written on the executor's.
public final class RingPage {
  private static final Logger LOG = LoggerFactory.getLogger(RingPage.class);
  private static final String ALL = "/rings";
  private static final String ONE = "/rings/";
  private static final String FILE = ".ring.gz";
  private static final String SEAL = ".ring.gz.seal";
  private static final int MAX_OUTGOING = 8;
  private static final String LATER_SECONDS = "5";

  private final RingInbox inbox;
  private final RingFiles files;
  private final BackendSignature signature;
  private final UUID instance;
  private final Executor executor;
  private final Semaphore incoming = new Semaphore(1);
  private final Semaphore outgoing = new Semaphore(MAX_OUTGOING);
  private final JsonMapper json = JsonMapper.builder().build();
  private volatile @Nullable RingMoves moves;

  /// @param instance tells the process from others
  /// @param executor may block on the disk
  public RingPage(
      RingInbox inbox,
      RingSeal seal,
      BackendSignature signature,
      UUID instance,
      Executor executor) {
    this.inbox = inbox;
    this.files = new RingFiles(seal);
    this.signature = signature;
    this.instance = instance;
    this.executor = executor;
  }

  /// From now on this process can tell what is on its devices. Before, a ring has settled when no
  /// previous one is kept, and is not complete.
  public void reportedBy(RingMoves devices) {
    moves = devices;
  }

  /// In front of a service that only servers and operators reach: reading needs no signature.
  public HttpHandler beforeService(HttpHandler behind) {
    return server -> isOfRings(server.request()) ? answer(server, false) : behind.handle(server);
  }

  /// In front of the public port: requests that are not signed are clients', for the proxy.
  public HttpHandler beforeProxy(HttpHandler behind) {
    return server ->
        isOfRings(server.request()) && server.request().headers().contains(BackendHeaders.SIGNATURE)
            ? answer(server, true)
            : behind.handle(server);
  }

  private static boolean isOfRings(Request request) {
    String path = request.rawPath();
    return path.equals(ALL) || path.startsWith(ONE);
  }

  private CompletableFuture<Response> answer(ServerRequest server, boolean signed) {
    Request request = server.request();
    try {
      boolean reads = request.method().equals("GET");
      if (!reads && !request.method().equals("PUT")) {
        throw new Refused(405, "The method is not allowed here", Headers.of("Allow", "GET, PUT"));
      }
      if (signed || !reads) {
        signature.check(server);
      }
      return reads ? read(request.rawPath()) : take(server);
    } catch (Refused refused) {
      return CompletableFuture.completedFuture(refused.response());
    } catch (RejectedExecutionException e) {
      return CompletableFuture.completedFuture(refused(e));
    }
  }

  private CompletableFuture<Response> read(String path) {
    if (path.equals(ALL)) {
      return CompletableFuture.completedFuture(
          answer("application/json", json.writeValueAsString(versions()).getBytes(UTF_8)));
    }
    boolean sealWanted = path.endsWith(SEAL);
    String name = name(path, sealWanted ? SEAL : FILE);
    RingWatcher ring = Objects.requireNonNull(inbox.rings().get(name), "a known ring");
    return CompletableFuture.supplyAsync(() -> give(ring, sealWanted), executor)
        .exceptionally(RingPage::refused);
  }

  private Response give(RingWatcher ring, boolean sealWanted) {
    try {
      return sealWanted
          ? answer("text/plain", (files.seal(ring) + "\n").getBytes(UTF_8))
          : send(ring);
    } catch (IOException e) {
      throw new CompletionException(e);
    }
  }

  /// The slowest reader decides how long a transfer takes: its body ends, or the connection does.
  private Response send(RingWatcher ring) throws IOException {
    if (!outgoing.tryAcquire()) {
      throw later("Others fetch rings");
    }
    boolean sent = false;
    try {
      Body body = Bodies.sliced(files.content(ring), outgoing::release);
      sent = true;
      return new Response(200, Headers.of("Content-Type", "application/gzip"), body);
    } finally {
      if (!sent) {
        outgoing.release();
      }
    }
  }

  private static Response answer(String type, byte[] body) {
    return new Response(200, Headers.of("Content-Type", type), Body.of(body));
  }

  private ObjectNode versions() {
    ObjectNode root = json.createObjectNode();
    root.put("instance", instance.toString());
    ObjectNode rings = root.putObject("rings");
    inbox.rings().forEach((name, watcher) -> describe(name, watcher, rings.putObject(name)));
    return root;
  }

  private void describe(String name, RingWatcher watcher, ObjectNode node) {
    RingFile.Loaded loaded = watcher.loaded();
    Ring ring = loaded.ring();
    node.put("version", ring.version());
    node.put("md5", loaded.md5());
    node.put("part_power", ring.partPower());
    node.put("devices", ring.devices().size());
    // Asked after the version, so that a ring that comes meanwhile is not said to have settled.
    RingMoves known = moves;
    node.put(
        "settled",
        watcher.holder().previous().isEmpty()
            || (known != null && known.hasSettled(name, ring.version())));
    node.put("complete", known != null && known.isComplete(name, ring.version()));
  }

  /// @return a name that is known here
  private String name(String path, String end) {
    String file = path.startsWith(ONE) ? path.substring(ONE.length()) : "";
    String name = file.endsWith(end) ? file.substring(0, file.length() - end.length()) : "";
    if (!inbox.rings().containsKey(name)) {
      throw new Refused(404, "There are the rings " + inbox.rings().keySet());
    }
    return name;
  }

  private CompletableFuture<Response> take(ServerRequest server) {
    Request request = server.request();
    String name = name(request.rawPath(), FILE);
    String line = request.headers().getOr(BackendHeaders.RING_SEAL, "");
    if (server.declaredLength() > RingInbox.MAX_FILE_BYTES) {
      throw new Refused(413, "A ring file has at most " + RingInbox.MAX_FILE_BYTES + " bytes");
    }
    if (!incoming.tryAcquire()) {
      throw later("Another ring is coming in");
    }
    return Bodies.readAll(request.body(), RingInbox.MAX_FILE_BYTES)
        .thenApplyAsync(file -> take(name, file, line), executor)
        .exceptionally(RingPage::refused)
        .whenComplete((response, failure) -> incoming.release());
  }

  private Response take(String name, byte[] file, String line) {
    try {
      RingInbox.Result result = inbox.take(name, file, line);
      return Response.text(result == RingInbox.Result.TAKEN ? 201 : 200, result.name());
    } catch (RingInbox.Refused e) {
      LOG.warn("a ring {} that was sent is refused: {}", name, e.getMessage());
      throw new Refused(e.isStale() ? 409 : 422, String.valueOf(e.getMessage()));
    } catch (IOException e) {
      throw new CompletionException(e);
    }
  }

  private static Refused later(String why) {
    return new Refused(503, why, Headers.of("Retry-After", LATER_SECONDS));
  }

  private static Response refused(Throwable failure) {
    Throwable cause =
        failure instanceof CompletionException c && c.getCause() != null ? c.getCause() : failure;
    if (cause instanceof Refused refused) {
      return refused.response();
    }
    if (cause instanceof RejectedExecutionException) {
      return later("Too many ask for rings").response();
    }
    if (cause instanceof HttpFault fault) {
      return Response.text(
          fault.kind() == HttpFault.Kind.TOO_LARGE ? 413 : 400, String.valueOf(fault.getMessage()));
    }
    LOG.error("a ring could not be read or written", cause);
    return Response.text(500, "The ring could not be read or written: " + cause.getMessage());
  }
}
