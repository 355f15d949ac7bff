package org.martlet.objectserver.server;

import java.util.HexFormat;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.martlet.common.http.Conditions;
import org.martlet.common.http.Headers;
import org.martlet.common.http.Refused;
import org.martlet.common.model.Timestamp;
import org.martlet.common.protocol.BackendHeaders;
import org.martlet.objectserver.state.Etag;
import org.martlet.objectserver.state.ObjectRecord;
import org.martlet.objectserver.state.ObjectState;
import org.martlet.objectserver.store.Precondition;

/// What a PUT says about its body and what is to be kept, checked as far as the head allows.
///
/// @param way how the body's checksums come
/// @param expectedBytes of the body, as declared or hinted; -1 if unknown
record PutRequest(ObjectCall call, Timestamp timestamp, Way way, long expectedBytes) {
  /// The real size of a body that comes chunked, to choose where it goes and check the space.
  static final String LENGTH_HINT = "X-Backend-Obj-Content-Length";

  private static final String ETAG = "ETag";

  /// How the sender vouches for the body; see `docs/http-api.md` §1.2.
  enum Way {
    /// Checksums in the head.
    KNOWN,
    /// Checksums and metadata after the body.
    TRAILERS,
    /// None: they are computed here.
    PLAIN
  }

  /// @throws Refused 400 if the head is not understood
  static PutRequest of(ObjectCall call) {
    Headers headers = call.headers();
    PutRequest request = new PutRequest(call, call.timestamp(), way(headers), expected(call));
    if (!headers.contains("Content-Type") && request.way != Way.TRAILERS) {
      throw new Refused(400, "No content type");
    }
    ObjectHeaders.ofPut(headers, new Headers(), request.timestamp, call.isReplication());
    if (request.way == Way.KNOWN) {
      request.announcedEtag(headers);
      request.announcedCrc(headers);
    }
    return request;
  }

  private static Way way(Headers headers) {
    @Nullable String commit = headers.get(BackendHeaders.COMMIT);
    if (commit != null) {
      if (!commit.equals("trailers")) {
        throw new Refused(400, "X-Backend-Commit is not understood");
      }
      return Way.TRAILERS;
    }
    boolean known =
        headers.contains(BackendHeaders.ETAG) || headers.contains(BackendHeaders.CRC32C);
    return known ? Way.KNOWN : Way.PLAIN;
  }

  private static long expected(ObjectCall call) {
    long declared = call.server().declaredLength();
    @Nullable String hint = call.headers().get(LENGTH_HINT);
    if (declared >= 0 || hint == null) {
      return declared;
    }
    String digits = hint.strip();
    if (digits.isEmpty()
        || digits.length() > 18
        || !digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
      throw new Refused(400, "Invalid " + LENGTH_HINT + " header");
    }
    return Long.parseLong(digits);
  }

  /// What is wrong with this PUT over what is stored, null for nothing.
  @Nullable Refused objection(Optional<ObjectState> stored) {
    if (stored.isEmpty()) {
      return null;
    }
    if (!isWanted(stored.get())) {
      return Answers.preconditionFailed();
    }
    Timestamp data = stored.get().data().timestamp();
    return timestamp.isAfter(data) ? null : Answers.conflict(data);
  }

  /// Whether If-None-Match lets this body replace that object.
  private boolean isWanted(ObjectState stored) {
    return !Expiry.isShown(stored, timestamp)
        || Conditions.names(call.headers(), "If-None-Match", stored.data().etag().toString())
            != Conditions.Match.YES;
  }

  boolean isConditional() {
    return call.headers().contains("If-None-Match");
  }

  Precondition precondition() {
    return isConditional()
        ? current -> current.isEmpty() || isWanted(current.get().record().state())
        : Precondition.NONE;
  }

  /// The record of a body that has come whole, if its checksums are what was announced.
  ///
  /// @param computed the MD5 where it was computed here, that is for [Way#PLAIN]
  /// @throws Refused 400 or 422 if the body is not what was announced
  ObjectRecord record(long size, int crc32c, @Nullable Etag computed, Headers trailers) {
    Headers announced = way == Way.TRAILERS ? trailers : call.headers();
    Etag etag = computed == null ? announcedEtag(announced) : computed;
    if (computed == null && announcedCrc(announced) != crc32c) {
      throw new Refused(422, "The body's CRC-32C is not the one announced");
    }
    @Nullable String wanted = call.headers().get(ETAG);
    if (wanted != null && !Conditions.unquoted(wanted.strip()).equalsIgnoreCase(etag.toString())) {
      throw new Refused(422, "The body's MD5 is not the ETag given");
    }
    @Nullable String type = trailers.get("Content-Type");
    type = type == null ? call.headers().get("Content-Type") : type;
    if (type == null) {
      throw new Refused(400, "No content type");
    }
    ObjectHeaders kept =
        ObjectHeaders.ofPut(call.headers(), trailers, timestamp, call.isReplication());
    ObjectState state = ObjectState.put(timestamp, etag, size, kept.data(), type, kept.metadata());
    return new ObjectRecord(call.key(), call.path(), state);
  }

  private Etag announcedEtag(Headers from) {
    String text = announced(from, BackendHeaders.ETAG);
    try {
      return Etag.parse(text);
    } catch (IllegalArgumentException e) {
      throw new Refused(400, "Invalid " + BackendHeaders.ETAG);
    }
  }

  private int announcedCrc(Headers from) {
    String text = announced(from, BackendHeaders.CRC32C);
    try {
      return HexFormat.fromHexDigits(text);
    } catch (IllegalArgumentException e) {
      throw new Refused(400, "Invalid " + BackendHeaders.CRC32C);
    }
  }

  private String announced(Headers from, String name) {
    @Nullable String text = from.get(name);
    if (text == null) {
      throw new Refused(way == Way.TRAILERS ? 422 : 400, name + " is missing");
    }
    return text.strip();
  }
}
