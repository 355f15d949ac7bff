package org.martlet.proxyserver.object;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiFunction;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import org.martlet.common.http.Body;
import org.martlet.common.http.Chunk;
import org.martlet.common.http.Headers;
import org.martlet.common.http.HttpClient;
import org.martlet.common.http.HttpFault;
import org.martlet.common.http.Response;
import org.martlet.common.protocol.BackendHeaders;
import org.martlet.proxyserver.backend.BackendAnswer;
import org.martlet.proxyserver.backend.BackendNode;
import org.martlet.proxyserver.backend.BackendRequest;
import org.martlet.proxyserver.backend.Cluster;
import org.martlet.proxyserver.backend.NodeIterator;
import org.martlet.proxyserver.backend.Placement;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The body of an object, which goes on from another device where one breaks off.
///
/// - Another device's copy is taken only if data timestamp, ETag and size are the same.
/// - A whole object's CRC-32C is checked before its last piece is given away; a wrong one fails the
///   body, so that the client sees a broken transfer and not a wrong one.
/// - Threads: one consumer; continues on event loops; nothing blocks.
final class ResumingBody implements Body {
  private static final Logger LOG = LoggerFactory.getLogger(ResumingBody.class);

  private final Cluster cluster;
  private final NodeIterator others;
  private final BackendRequest request;
  private final Headers first;
  private final ContentRange range;
  private final @Nullable CRC32C crc;
  private BackendNode node;
  private long given;
  private volatile Body current;
  private volatile boolean closed;

  private ResumingBody(
      Cluster cluster,
      Placement placement,
      BackendRequest request,
      BackendAnswer answer,
      BackendNode node,
      ContentRange range) {
    this.cluster = cluster;
    this.others = cluster.nodesForRead(placement);
    this.request = request;
    this.first = answer.headers();
    this.range = range;
    this.node = node;
    this.current = answer.body();
    boolean checked = answer.status() == 200 && first.contains(BackendHeaders.CRC32C);
    this.crc = checked ? new CRC32C() : null;
  }

  /// Wraps the body of an answer to GET; one that cannot be resumed (several ranges, no clock)
  /// stays as it is.
  static BackendAnswer protect(
      Cluster cluster, Placement placement, BackendRequest request, BackendAnswer answer) {
    Optional<ContentRange> range = rangeOf(answer);
    if (range.isEmpty()
        || answer.node().isEmpty()
        || !answer.headers().contains(BackendHeaders.DATA_TIMESTAMP)) {
      return answer;
    }
    Body body =
        new ResumingBody(cluster, placement, request, answer, answer.node().get(), range.get());
    return new BackendAnswer(answer.status(), answer.headers(), body, answer.node());
  }

  private static Optional<ContentRange> rangeOf(BackendAnswer answer) {
    long length = answer.body().length();
    if (answer.status() == 206) {
      return ContentRange.parse(answer.headers().get("Content-Range"))
          .filter(range -> range.length() == length);
    }
    return length > 0 ? Optional.of(new ContentRange(0, length - 1, length)) : Optional.empty();
  }

  @Override
  public long length() {
    return range.length();
  }

  @Override
  public CompletableFuture<Chunk> next() {
    CompletableFuture<Chunk> next = current.next();
    if (next.isDone() && !next.isCompletedExceptionally()) {
      return take(next.join());
    }
    return after(next, (chunk, problem) -> chunk == null ? resume(problem) : take(chunk));
  }

  @SuppressWarnings("FutureReturnValueIgnored") // the inner future is the result
  private static <T> CompletableFuture<Chunk> after(
      CompletableFuture<T> future,
      BiFunction<@Nullable T, @Nullable Throwable, CompletableFuture<Chunk>> step) {
    return future.handle(step).thenCompose(result -> result);
  }

  private CompletableFuture<Chunk> take(Chunk chunk) {
    int size = chunk.size();
    if (size == 0) {
      return given == range.length()
          ? CompletableFuture.completedFuture(chunk)
          : resume(new HttpFault(HttpFault.Kind.CLOSED, "the body ended early"));
    }
    if (given + size > range.length()) {
      chunk.release();
      return failed(new HttpFault(HttpFault.Kind.PROTOCOL, "the body is longer than announced"));
    }
    given += size;
    if (crc != null) {
      crc.update(chunk.bytes());
      if (given == range.length() && !matches(crc)) {
        chunk.release();
        LOG.error("{} from {} has a wrong CRC-32C", request.path(), node.key());
        return failed(new HttpFault(HttpFault.Kind.PROTOCOL, "the body has a wrong checksum"));
      }
    }
    return CompletableFuture.completedFuture(chunk);
  }

  private boolean matches(CRC32C computed) {
    return BodyDigest.crcText(computed).equalsIgnoreCase(first.get(BackendHeaders.CRC32C));
  }

  /// Goes on from the next device that has the same.
  private CompletableFuture<Chunk> resume(@Nullable Throwable problem) {
    Throwable why =
        problem == null ? new HttpFault(HttpFault.Kind.CLOSED, "no more pieces") : problem;
    if (closed) {
      return failed(why);
    }
    current.close();
    cluster.client().note(node, why);
    return given == range.length() ? ended() : tryNext(why);
  }

  /// All bytes were given; only the end did not arrive.
  private static CompletableFuture<Chunk> ended() {
    return CompletableFuture.completedFuture(Chunk.END);
  }

  private CompletableFuture<Chunk> tryNext(Throwable why) {
    Optional<BackendNode> next = others.next();
    while (next.isPresent() && next.get().key().equals(node.key())) {
      next = others.next();
    }
    if (next.isEmpty()) {
      return failed(why);
    }
    BackendNode candidate = next.get();
    ContentRange rest = range.from(given);
    Headers headers = request.headers().copy().set("Range", rest.request());
    HttpClient.Call call = cluster.client().send(candidate, 0, request.withHeaders(headers));
    return after(
        call.response(),
        (response, problem) -> {
          if (response != null) {
            return continueWith(candidate, rest, response, why);
          }
          if (problem != null) {
            cluster.client().note(candidate, problem);
          }
          return tryNext(why);
        });
  }

  private CompletableFuture<Chunk> continueWith(
      BackendNode candidate, ContentRange rest, Response response, Throwable why) {
    boolean same =
        response.status() == 206
            && ContentRange.parse(response.headers().get("Content-Range")).equals(Optional.of(rest))
            && sameHeader(response, BackendHeaders.DATA_TIMESTAMP)
            && sameHeader(response, "ETag");
    if (!same || closed) {
      response.body().close();
      return closed ? failed(why) : tryNext(why);
    }
    LOG.info("{} goes on from {} at byte {}", request.path(), candidate.key(), rest.first());
    node = candidate;
    current = response.body();
    if (closed) {
      current.close();
    }
    return next();
  }

  private boolean sameHeader(Response response, String name) {
    String wanted = first.get(name);
    return wanted != null && wanted.equals(response.headers().get(name));
  }

  private static CompletableFuture<Chunk> failed(Throwable why) {
    return CompletableFuture.failedFuture(why instanceof HttpFault ? why : HttpFault.of(why));
  }

  @Override
  public Headers trailers() {
    return new Headers();
  }

  @Override
  public void close() {
    closed = true;
    current.close();
  }
}
