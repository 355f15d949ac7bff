package org.martlet.proxyserver.object;

import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.martlet.common.http.Conditions;
import org.martlet.common.http.Headers;
import org.martlet.common.http.HttpDate;
import org.martlet.common.model.Timestamp;
import org.martlet.common.protocol.BackendHeaders;
import org.martlet.proxyserver.backend.BackendAnswer;
import org.martlet.proxyserver.backend.BackendRequest;
import org.martlet.proxyserver.backend.Cluster;
import org.martlet.proxyserver.backend.Placement;

/// Reads the newest state of an object (`X-Newest`).
///
/// The state is joined of what all devices say, and may be on no device alone: one missed a POST
/// and another the PUT before it. What depends on metadata, expiry and conditions, is therefore
/// decided here, of the joined head; then the device that has the newest body is asked for it.
final class NewestRead {
  /// Bodies that a device names and cannot give, one after the other.
  private static final int ATTEMPTS = 3;

  private NewestRead() {}

  /// Blocks until the head of an answer is there.
  ///
  /// @param request the GET or HEAD, with the client's range and conditions
  /// @param now decides whether the object has expired
  /// @return 503 where the newest body is named and not to be had
  static BackendAnswer of(
      Cluster cluster, Placement placement, BackendRequest request, Timestamp now)
      throws InterruptedException {
    BackendRequest open =
        request.withHeaders(request.headers().copy().set(BackendHeaders.OPEN_EXPIRED, "true"));
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      BackendAnswer head = cluster.newestHead(placement, open);
      Optional<BackendAnswer> decided = withoutBody(head, request, now);
      if (decided.isPresent()) {
        return decided.get();
      }
      Optional<BackendAnswer> body = cluster.readFrom(head, placement, withoutDates(open));
      if (body.isPresent()) {
        return body.get();
      }
    }
    return BackendAnswer.withoutBody(503, null);
  }

  /// The answer, where no body is needed for it.
  private static Optional<BackendAnswer> withoutBody(
      BackendAnswer head, BackendRequest request, Timestamp now) {
    if (!head.isSuccess()) {
      return Optional.of(head);
    }
    Headers headers = head.headers();
    if (hasExpired(headers, now)) {
      return Optional.of(BackendAnswer.withoutBody(404, null));
    }
    int status = Conditions.status(request.headers(), headers.getOr("ETag", ""), modified(headers));
    if (status != 200) {
      return Optional.of(
          BackendAnswer.withoutBody(status, headers.copy().remove("Content-Length")));
    }
    return request.method().equals("HEAD") ? Optional.of(head) : Optional.empty();
  }

  private static boolean hasExpired(Headers headers, Timestamp now) {
    @Nullable String deleteAt = headers.get("X-Delete-At");
    try {
      return deleteAt != null && !Timestamp.parse(deleteAt).isAfter(now);
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static long modified(Headers headers) {
    OptionalLong seconds = HttpDate.parse(headers.getOr("Last-Modified", ""));
    return seconds.orElse(0);
  }

  /// The ETag is the body's, which may be another one by now; dates are decided.
  private static BackendRequest withoutDates(BackendRequest request) {
    Headers headers =
        request.headers().copy().remove("If-Modified-Since").remove("If-Unmodified-Since");
    return request.withHeaders(headers);
  }
}
