package org.martlet.recon;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.martlet.common.http.Body;
import org.martlet.common.http.Headers;
import org.martlet.common.http.HttpHandler;
import org.martlet.common.http.Refused;
import org.martlet.common.http.Request;
import org.martlet.common.http.Response;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.json.JsonMapper;

/// `GET /recon/…` of one service as `swift-recon` asks it, in front of the service: what the
/// service alone knows, and what this does not know, goes on to it.
///
/// - Threads: any; files are read on the executor's, whose bound is the bound of what is under way.
public final class ReconPage {
  private static final Logger LOG = LoggerFactory.getLogger(ReconPage.class);
  private static final String RECON = "/recon/";

  /// The name under which `swift-recon` looks for the file's digest.
  private static final String SWIFT_CONF = "/etc/swift/swift.conf";

  private static final int MAX_SWIFT_CONF = 1 << 20;
  private static final double NANOS = 1e9;

  /// What each service alone knows; the others answer that they do not, as a server of Swift's
  /// whose daemon has not reported.
  private static final Map<String, Owned> OWNED =
      Map.of(
          "async", new Owned("object", List.of("async_pending", "async_pending_last")),
          "updater/object", new Owned("object", List.of("object_updater_sweep")),
          "updater/container", new Owned("container", List.of("container_updater_sweep")),
          "auditor/object",
              new Owned("object", List.of("object_auditor_stats_ALL", "object_auditor_stats_ZBF")),
          "auditor/container", new Owned("container", audits("container")),
          "auditor/account", new Owned("account", audits("account")));

  private record Owned(String service, List<String> fields) {}

  private final ReconContext context;
  private final String service;
  private final DiskUses disks;
  private final Kernel kernel;
  private final JsonMapper json = JsonMapper.builder().build();

  /// @param service `object`, `container` or `account`
  public ReconPage(ReconContext context, String service, DiskUses disks) {
    this.context = context;
    this.service = service;
    this.disks = disks;
    this.kernel = new Kernel(context.proc());
  }

  private static List<String> audits(String kind) {
    return List.of(
        kind + "_audits_passed",
        kind + "_auditor_pass_completed",
        kind + "_audits_since",
        kind + "_audits_failed");
  }

  /// The page before the service's handler.
  public HttpHandler before(HttpHandler behind) {
    return server -> {
      Request request = server.request();
      String path = request.rawPath();
      boolean reads = request.method().equals("GET") || request.method().equals("HEAD");
      @Nullable CompletableFuture<Response> mine =
          reads && path.startsWith(RECON) ? answer(path.substring(RECON.length())) : null;
      return mine == null ? behind.handle(server) : mine;
    };
  }

  /// @return null for what is not answered here
  private @Nullable CompletableFuture<Response> answer(String what) {
    return switch (what) {
      case "load" -> read(kernel::load);
      case "mem" -> read(kernel::memory);
      case "mounted" -> read(kernel::mounts);
      case "sockstat" -> read(kernel::sockets);
      case "time" -> now(seconds(context.clock().instant()));
      case "devices" -> now(Map.of(disks.root().toString(), disks.names()));
      case "unmounted" ->
          disks(all -> all.stream().filter(use -> !use.isWell()).map(DiskUse::unmounted).toList());
      case "diskusage" -> disks(all -> all.stream().map(DiskUse::usage).toList());
      case "ringmd5" -> now(ringSums());
      case "swiftconfmd5" -> read(this::swiftConfSum);
      case "replication" -> now(context.background().replication("object"));
      case "replication/object", "replication/container", "replication/account" ->
          now(context.background().replication(what.substring(what.indexOf('/') + 1)));
      case "expirer/object" -> now(context.background().expirer());
      case "sharding" -> now(nothing("sharding_stats", "sharding_time", "sharding_last"));
      case "relinker" -> now(nothing("devices", "workers"));
      case "reconstruction", "reconstruction/object" ->
          now(nothing("object_reconstruction_last", "object_reconstruction_time"));
      case "martlet/node" -> disks(this::node);
      default -> ofOthers(what);
    };
  }

  private @Nullable CompletableFuture<Response> ofOthers(String what) {
    Owned owned = OWNED.get(what);
    return owned == null || owned.service().equals(service)
        ? null
        : now(nothing(owned.fields().toArray(String[]::new)));
  }

  private static Map<String, @Nullable Object> nothing(String... fields) {
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    for (String field : fields) {
      json.put(field, null);
    }
    return json;
  }

  static double seconds(Instant moment) {
    return moment.getEpochSecond() + moment.getNano() / NANOS;
  }

  /// Of the files that the rings in force were read from.
  private Map<String, String> ringSums() {
    Map<String, String> sums = new LinkedHashMap<>();
    context.rings().forEach((name, ring) -> sums.put(ring.file().toString(), ring.loaded().md5()));
    return sums;
  }

  /// Of the first `swift.conf` that is there; null where none is.
  private Map<String, @Nullable Object> swiftConfSum() throws IOException {
    Map<String, @Nullable Object> json = nothing(SWIFT_CONF);
    for (Path file : context.swiftConfs()) {
      if (Files.isRegularFile(file)) {
        json.put(SWIFT_CONF, md5(file));
        break;
      }
    }
    return json;
  }

  private static String md5(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] content = in.readNBytes(MAX_SWIFT_CONF + 1);
      if (content.length > MAX_SWIFT_CONF) {
        throw new IOException(file + " is larger than 1 MiB");
      }
      return HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(content));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has MD5", e);
    }
  }

  /// Ours, for `martlet status`.
  private Map<String, Object> node(List<DiskUse> all) {
    Map<String, Object> node = new LinkedHashMap<>();
    Instant now = context.clock().instant();
    node.put("service", service);
    node.put("version", context.instance().version());
    node.put("instance", context.instance().id().toString());
    node.put("started", context.instance().started().toString());
    node.put("time", now.toString());
    node.put("disks", all.stream().map(DiskUse::described).toList());
    return node;
  }

  /// Reads something, which may fail.
  private interface Reading {
    Object read() throws IOException;
  }

  private CompletableFuture<Response> read(Reading reading) {
    try {
      return CompletableFuture.supplyAsync(() -> readNow(reading), context.files())
          .exceptionally(ReconPage::failed);
    } catch (RejectedExecutionException e) {
      return CompletableFuture.completedFuture(
          new Refused(503, "Too many ask at once", Headers.of("Retry-After", "5")).response());
    }
  }

  private Response readNow(Reading reading) {
    try {
      return json(reading.read());
    } catch (IOException e) {
      throw new CompletionException(e);
    }
  }

  private static Response failed(Throwable failure) {
    LOG.warn("what the machine says cannot be read: {}", failure.toString());
    return Response.text(500, "The server's machine does not tell\n");
  }

  /// Makes an answer of what is known of disks.
  private interface OfDisks {
    Object of(List<DiskUse> all);
  }

  private CompletableFuture<Response> disks(OfDisks answer) {
    return disks.measure().thenApply(all -> json(answer.of(all)));
  }

  private CompletableFuture<Response> now(Object content) {
    return CompletableFuture.completedFuture(json(content));
  }

  private Response json(Object content) {
    return new Response(
        200,
        Headers.of("Content-Type", "application/json"),
        Body.of(json.writeValueAsString(content).getBytes(StandardCharsets.UTF_8)));
  }
}
