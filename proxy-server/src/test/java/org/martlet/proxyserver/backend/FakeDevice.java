package org.martlet.proxyserver.backend;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.zip.CRC32C;
import org.martlet.common.http.Body;
import org.martlet.common.http.Chunk;
import org.martlet.common.http.Headers;
import org.martlet.common.http.HttpFault;
import org.martlet.common.http.Request;
import org.martlet.common.http.Response;
import org.martlet.common.model.Timestamp;
import org.martlet.common.protocol.BackendHeaders;

/// A device of an object server in memory that follows the backend protocol, and misbehaves as it
/// is told.
public final class FakeDevice {
  /// What is kept under a path.
  ///
  /// @param body null for a tombstone
  public record Kept(Timestamp clock, byte[] body, Headers headers) {}

  /// What a device does with one request instead of its job.
  public sealed interface Trick {
    /// Answers so.
    record Answer(int status, Headers headers) implements Trick {}

    /// Fails without an answer.
    record Fail(HttpFault.Kind kind) implements Trick {}

    /// Never answers.
    record Hang() implements Trick {}

    /// Sends only so many bytes of a body and breaks off.
    record CutBody(int bytes) implements Trick {}

    /// Sends a byte that is wrong.
    record FlipBit() implements Trick {}

    /// Answers only when this is completed.
    record Delay(CompletableFuture<Void> until) implements Trick {}

    /// Takes no more of an upload's body after so many bytes until this is completed.
    record Stall(int bytes, CompletableFuture<Void> until) implements Trick {}

    /// Consents to an upload and then answers so when the body has ended.
    record AnswerAtEnd(int status, Headers headers) implements Trick {}
  }

  private final String name;
  private final FakeServers servers;
  private final Map<String, Kept> objects = new ConcurrentHashMap<>();
  private final Deque<Trick> tricks = new ConcurrentLinkedDeque<>();
  private final List<Request> requests = new CopyOnWriteArrayList<>();
  private volatile Trick always;

  FakeDevice(String name, FakeServers servers) {
    this.name = name;
    this.servers = servers;
  }

  public String name() {
    return name;
  }

  /// Does this with the next request.
  public void once(Trick trick) {
    tricks.add(trick);
  }

  /// Does this with every request from now on; null to work again.
  public void always(Trick trick) {
    always = trick;
  }

  public void full() {
    always(new Trick.Answer(507, new Headers()));
  }

  public void dead() {
    always(new Trick.Fail(HttpFault.Kind.CONNECT));
  }

  public List<Request> requests() {
    return requests;
  }

  /// What is kept under `/a/c/o`.
  public Optional<Kept> kept(String path) {
    return Optional.ofNullable(objects.get(path));
  }

  /// Puts something there by hand.
  public void keep(String path, long ticks, String body) {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    objects.put(
        path,
        new Kept(
            Timestamp.ofTicks(ticks),
            bytes,
            Headers.of("Content-Type", "text/plain", "ETag", md5(bytes))));
  }

  /// Puts something there whose metadata is of a later POST.
  ///
  /// @param headers the metadata that the POST gave
  public void keepPosted(String path, long ticks, String body, long posted, String... headers) {
    keep(path, ticks, body);
    Headers all = objects.get(path).headers();
    Headers.of(headers).forEach(all::set);
    all.set("X-Timestamp", Timestamp.ofTicks(posted).normal())
        .set(BackendHeaders.STORED_TIMESTAMP, Timestamp.ofTicks(posted).internal());
  }

  /// Forgets what is there.
  public void lose(String path) {
    objects.remove(path);
  }

  public void bury(String path, long ticks) {
    objects.put(path, new Kept(Timestamp.ofTicks(ticks), null, new Headers()));
  }

  Map<String, Kept> everything() {
    return objects;
  }

  Trick trick() {
    Trick next = tricks.poll();
    return next == null ? always : next;
  }

  void received(Request request) {
    requests.add(request);
  }

  /// An answer before the body; empty means consent.
  Optional<Response> beforeBody(Request request) {
    Kept kept = objects.get(objectPath(request));
    Timestamp clock = clock(request);
    if (kept != null && kept.clock().compareTo(clock) >= 0) {
      return Optional.of(
          Response.empty(
              409, Headers.of(BackendHeaders.STORED_TIMESTAMP, kept.clock().internal())));
    }
    if (request.headers().contains("If-None-Match") && kept != null && kept.body() != null) {
      return Optional.of(Response.empty(412));
    }
    return Optional.empty();
  }

  /// Stores what came.
  Response put(Request request, byte[] body, Headers trailers) {
    Optional<Response> refusal = beforeBody(request);
    if (refusal.isPresent()) {
      return refusal.get();
    }
    boolean trailing = request.headers().contains(BackendHeaders.COMMIT);
    Headers sums = trailing ? trailers : request.headers();
    if (!crc(body).equals(sums.get(BackendHeaders.CRC32C))
        || !md5(body).equals(sums.get(BackendHeaders.ETAG))) {
      return Response.empty(422);
    }
    Headers headers = new Headers();
    request
        .headers()
        .forEach(
            (key, value) -> {
              if (key.startsWith("X-Object-")
                  || key.startsWith("Content-")
                  || key.equals("X-Delete-At")) {
                headers.set(key, value);
              }
            });
    headers.set("ETag", md5(body));
    objects.put(objectPath(request), new Kept(clock(request), body, headers));
    return Response.empty(201, Headers.of("ETag", md5(body)));
  }

  Response answer(Request request, Trick trick) {
    String path = objectPath(request);
    if (path.split("/").length == 3) {
      return servers.list(request, path);
    }
    Kept kept = objects.get(path);
    return switch (request.method()) {
      case "GET", "HEAD" -> read(request, kept, trick);
      case "DELETE" -> change(request, kept, path);
      case "POST" -> change(request, kept, path);
      default -> Response.empty(405);
    };
  }

  private Response change(Request request, Kept kept, String path) {
    if (kept != null && kept.clock().compareTo(clock(request)) >= 0) {
      return Response.empty(
          409, Headers.of(BackendHeaders.STORED_TIMESTAMP, kept.clock().internal()));
    }
    boolean live = kept != null && kept.body() != null;
    if (request.method().equals("DELETE")) {
      objects.put(path, new Kept(clock(request), null, new Headers()));
      return Response.empty(
          live ? 204 : 404, Headers.of(BackendHeaders.STORED_TIMESTAMP, clock(request).internal()));
    }
    if (!live) {
      return missing(kept);
    }
    objects.put(
        path,
        new Kept(
            kept.clock(),
            kept.body(),
            request.headers().copy().set("ETag", kept.headers().get("ETag"))));
    return Response.empty(202);
  }

  private static Response missing(Kept kept) {
    return kept == null
        ? Response.empty(404)
        : Response.empty(404, Headers.of(BackendHeaders.STORED_TIMESTAMP, kept.clock().internal()));
  }

  private static Response read(Request request, Kept kept, Trick trick) {
    if (kept == null || kept.body() == null) {
      return missing(kept);
    }
    String etag = kept.headers().get("ETag");
    Headers headers =
        kept.headers()
            .copy()
            .setIfAbsent("X-Timestamp", kept.clock().normal())
            .setIfAbsent(BackendHeaders.STORED_TIMESTAMP, kept.clock().internal())
            .set(BackendHeaders.DATA_TIMESTAMP, kept.clock().internal())
            .setIfAbsent(BackendHeaders.CONTENT_TYPE_TIMESTAMP, kept.clock().internal())
            .set("X-Object-Sysmeta-Secret", "hidden")
            .setIfAbsent("Last-Modified", "Thu, 01 Jan 1970 00:00:01 GMT");
    if (hasExpired(request, headers)) {
      return Response.empty(
          404,
          Headers.of(
              BackendHeaders.STORED_TIMESTAMP, headers.get(BackendHeaders.STORED_TIMESTAMP)));
    }
    String condition = request.headers().get("If-None-Match");
    if (condition != null && condition.contains(etag)) {
      return Response.empty(304, headers);
    }
    String match = request.headers().get("If-Match");
    if (match != null && !match.contains(etag)) {
      return Response.empty(412, headers);
    }
    byte[] bytes = kept.body();
    boolean ignored =
        kept.headers()
            .contains(request.headers().getOr("X-Backend-Ignore-Range-If-Metadata-Present", "-"));
    String range = ignored ? null : request.headers().get("Range");
    int status = 200;
    if (range != null && range.contains(",")) {
      headers.set("Content-Type", "multipart/byteranges;boundary=b");
      status = 206;
    } else if (range != null) {
      String[] ends = range.substring("bytes=".length()).split("-", -1);
      int first = Integer.parseInt(ends[0]);
      int last = ends[1].isEmpty() ? bytes.length - 1 : Integer.parseInt(ends[1]);
      if (first >= bytes.length) {
        return new Response(
            416, headers.set("Content-Range", "bytes */" + bytes.length), Body.empty());
      }
      last = Math.min(last, bytes.length - 1);
      headers.set("Content-Range", "bytes " + first + "-" + last + "/" + bytes.length);
      bytes = Arrays.copyOfRange(bytes, first, last + 1);
      status = 206;
    } else {
      headers.set(BackendHeaders.CRC32C, crc(bytes));
    }
    headers.set("Content-Length", bytes.length);
    if (request.method().equals("HEAD")) {
      return new Response(status, headers, Body.empty());
    }
    return new Response(status, headers, new Sent(bytes, trick));
  }

  private static boolean hasExpired(Request request, Headers headers) {
    String at = headers.get("X-Delete-At");
    return at != null
        && !request.headers().contains(BackendHeaders.OPEN_EXPIRED)
        && !Timestamp.parse(at).isAfter(clock(request));
  }

  static String objectPath(Request request) {
    String[] parts = request.rawPath().split("/", 4);
    return "/" + parts[3];
  }

  private static Timestamp clock(Request request) {
    return Timestamp.parse(request.headers().get(BackendHeaders.TIMESTAMP));
  }

  public static String md5(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  static String crc(byte[] bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes);
    return HexFormat.of().toHexDigits((int) crc.getValue());
  }

  /// A body in pieces of 1000 bytes that may break off or be wrong.
  private static final class Sent implements Body {
    private final byte[] bytes;
    private final Trick trick;
    private int position;

    Sent(byte[] bytes, Trick trick) {
      this.bytes = bytes;
      this.trick = trick;
    }

    @Override
    public long length() {
      return bytes.length;
    }

    @Override
    public CompletableFuture<Chunk> next() {
      int end = Math.min(bytes.length, position + 1000);
      if (trick instanceof Trick.CutBody cut) {
        end = Math.min(end, cut.bytes());
        if (position >= cut.bytes()) {
          return CompletableFuture.failedFuture(
              new HttpFault(HttpFault.Kind.CLOSED, "cut for the test"));
        }
      }
      byte[] piece = Arrays.copyOfRange(bytes, position, end);
      if (trick instanceof Trick.FlipBit && piece.length > 0) {
        piece[0] ^= 1;
      }
      position = end;
      return CompletableFuture.completedFuture(Chunk.of(piece));
    }

    @Override
    public Headers trailers() {
      return new Headers();
    }

    @Override
    public void close() {
      position = bytes.length;
    }
  }

  /// The methods that were asked for, in order.
  public List<String> methods() {
    return new ArrayList<>(requests.stream().map(Request::method).toList());
  }
}
