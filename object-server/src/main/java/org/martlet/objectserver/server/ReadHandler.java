package org.martlet.objectserver.server;

import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.martlet.common.http.Body;
import org.martlet.common.http.Conditions;
import org.martlet.common.http.Headers;
import org.martlet.common.http.HttpDate;
import org.martlet.common.http.Response;
import org.martlet.common.model.Timestamp;
import org.martlet.common.protocol.BackendHeaders;
import org.martlet.objectserver.state.HeaderMap;
import org.martlet.objectserver.state.ObjectState;
import org.martlet.objectserver.store.OpenObject;
import org.martlet.objectserver.store.StoreFault;
import org.martlet.objectserver.store.StoredObject;

/// GET and HEAD of an object.
///
/// A missing object is 404 whatever the conditions say: another replica may have it.
final class ReadHandler {
  private static final String ETAG_IS_AT = "X-Backend-Etag-Is-At";
  private static final String IGNORE_RANGE = "X-Backend-Ignore-Range-If-Metadata-Present";

  private final ReadBuffers buffers;
  private final int chunkBytes;
  private final InstantSource clock;
  private final RandomGenerator random;

  ReadHandler(ReadBuffers buffers, int chunkBytes, InstantSource clock, RandomGenerator random) {
    this.buffers = buffers;
    this.chunkBytes = chunkBytes;
    this.clock = clock;
    this.random = random;
  }

  CompletableFuture<Response> get(ObjectCall call) {
    Timestamp now = call.readTime(clock);
    return call.device().lane().call(() -> open(call, now));
  }

  CompletableFuture<Response> head(ObjectCall call) {
    Timestamp now = call.readTime(clock);
    return call.device().lane().call(() -> look(call, now));
  }

  private Response look(ObjectCall call, Timestamp now) throws StoreFault {
    call.device().checkAnswers();
    StoredObject object =
        call.device()
            .store()
            .read(call.key())
            .orElseThrow(() -> Answers.notFound(Optional.empty()));
    ObjectState state = object.record().state();
    checkShown(call, state, now);
    Headers headers = headers(state);
    int status = Conditions.status(call.headers(), conditionalEtag(call, state), modified(state));
    if (status == 200) {
      headers.set("Content-Length", state.data().size());
    }
    return Response.empty(status, headers);
  }

  private Response open(ObjectCall call, Timestamp now) throws StoreFault {
    call.device().checkAnswers();
    OpenObject object =
        call.device()
            .store()
            .open(call.key())
            .orElseThrow(() -> Answers.notFound(Optional.empty()));
    boolean handedOver = false;
    try {
      ObjectState state = object.object().record().state();
      checkShown(call, state, now);
      Headers headers = headers(state);
      headers.set(BackendHeaders.CRC32C, HexFormat.of().toHexDigits(object.crc32c()));
      int status = Conditions.status(call.headers(), conditionalEtag(call, state), modified(state));
      if (status != 200) {
        return Response.empty(status, headers);
      }
      RangeSelection selection = selection(call, state);
      handedOver = selection instanceof RangeSelection.Unsatisfiable ? false : object.size() > 0;
      return answer(call, object, headers, selection);
    } finally {
      if (!handedOver) {
        object.close();
      }
    }
  }

  private static void checkShown(ObjectCall call, ObjectState state, Timestamp now) {
    if (!state.isLive() || (!call.opensExpired() && Expiry.hasPassed(state, now))) {
      throw Answers.notFound(Optional.of(state.clocks()));
    }
  }

  private static RangeSelection selection(ObjectCall call, ObjectState state) {
    @Nullable String ignore = call.headers().get(IGNORE_RANGE);
    boolean ignored =
        ignore != null
            && ObjectHeaders.firstOf(ignore, state.data().headers(), state.metadata().headers())
                != null;
    return RangeSelection.of(ignored ? null : call.headers().get("Range"), state.data().size());
  }

  private Response answer(
      ObjectCall call, OpenObject object, Headers headers, RangeSelection selection)
      throws StoreFault {
    long size = object.size();
    return switch (selection) {
      case RangeSelection.Whole whole ->
          size == 0
              ? Response.empty(200, headers)
              : body(200, headers, call, object, BodyLayout.of(new ByteRange(0, size)));
      case RangeSelection.Unsatisfiable none -> {
        headers.set("Content-Range", "bytes */" + size);
        yield new Response(416, headers, Body.empty());
      }
      case RangeSelection.Parts parts ->
          body(206, headers, call, object, layout(parts.ranges(), headers, size));
    };
  }

  private BodyLayout layout(List<ByteRange> ranges, Headers headers, long size) {
    if (ranges.size() == 1) {
      headers.set("Content-Range", ranges.getFirst().contentRange(size));
      return BodyLayout.of(ranges.getFirst());
    }
    String boundary =
        HexFormat.of().toHexDigits(random.nextLong())
            + HexFormat.of().toHexDigits(random.nextLong());
    String type = headers.getOr("Content-Type", "application/octet-stream");
    headers.set("Content-Type", "multipart/byteranges;boundary=" + boundary);
    return BodyLayout.multipart(ranges, boundary, type, size);
  }

  private Response body(
      int status, Headers headers, ObjectCall call, OpenObject object, BodyLayout layout)
      throws StoreFault {
    Body body = new StoredBody(object, layout, call.device().lane(), buffers, chunkBytes);
    return new Response(status, headers, body);
  }

  private static String conditionalEtag(ObjectCall call, ObjectState state) {
    @Nullable String isAt = call.headers().get(ETAG_IS_AT);
    @Nullable String other =
        isAt == null
            ? null
            : ObjectHeaders.firstOf(isAt, state.data().headers(), state.metadata().headers());
    return other == null ? state.data().etag().toString() : other;
  }

  private static long modified(ObjectState state) {
    return state.metadata().timestamp().secondsRoundedUp();
  }

  private static Timestamp newest(ObjectState state) {
    Timestamp headers =
        Timestamp.max(state.contentType().timestamp(), state.metadata().timestamp());
    return Timestamp.max(state.data().timestamp(), headers);
  }

  /// What is said of a live object, whatever its body is wanted for.
  private static Headers headers(ObjectState state) {
    Timestamp data = state.data().timestamp();
    HeaderMap metadata = state.metadata().headers();
    Headers headers = new Headers();
    headers.add("Content-Type", state.contentType().value());
    ObjectHeaders.write(state.data().headers(), headers);
    ObjectHeaders.write(metadata, headers);
    headers
        .add("ETag", state.data().etag().toString())
        .add("Last-Modified", HttpDate.format(modified(state)))
        .add("Accept-Ranges", "bytes")
        .add("X-Timestamp", state.metadata().timestamp().normal())
        .add(BackendHeaders.STORED_TIMESTAMP, newest(state).internal())
        .add(BackendHeaders.DATA_TIMESTAMP, data.internal())
        .add(BackendHeaders.CONTENT_TYPE_TIMESTAMP, state.contentType().timestamp().internal())
        .add(BackendHeaders.DURABLE_TIMESTAMP, data.internal());
    return headers;
  }
}
