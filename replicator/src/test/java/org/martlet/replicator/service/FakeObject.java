package org.martlet.replicator.service;

import java.util.TreeMap;
import org.martlet.common.http.Body;
import org.martlet.common.http.Headers;
import org.martlet.common.http.Response;
import org.martlet.common.model.Timestamp;

/// One object on one device, by the object server's rules: three registers and a join.
final class FakeObject {
  Timestamp data = Timestamp.ZERO;
  boolean deleted = true;
  String etag = "";
  byte[] body = new byte[0];
  Timestamp typed = Timestamp.ZERO;
  String type = "";
  Timestamp metadata = Timestamp.ZERO;
  TreeMap<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);

  boolean isLive() {
    return !deleted;
  }

  long deleteAt() {
    return Long.parseLong(headers.getOrDefault("X-Delete-At", "0"));
  }

  Timestamp newest() {
    return Timestamp.max(data, Timestamp.max(typed, metadata));
  }

  /// Takes over what another replica has that is newer.
  void merge(FakeObject other) {
    if (other.data.isAfter(data)) {
      data = other.data;
      deleted = other.deleted;
      etag = other.etag;
      body = other.body;
    }
    if (other.typed.isAfter(typed)) {
      typed = other.typed;
      type = other.type;
    }
    if (other.metadata.isAfter(metadata)) {
      metadata = other.metadata;
      headers = other.headers;
    }
  }

  Response answer(boolean withBody) {
    Headers told = new Headers();
    headers.forEach(told::set);
    told.set("Content-Type", type)
        .set("ETag", etag)
        .set("X-Timestamp", metadata.normal())
        .set("X-Backend-Timestamp", newest().internal())
        .set("X-Backend-Data-Timestamp", data.internal());
    if (withBody) {
      told.set("X-Backend-Crc32c", "00000000");
    } else {
      told.set("Content-Length", body.length);
    }
    return new Response(200, told, withBody ? Body.of(body) : Body.empty());
  }
}
