package org.martlet.containerserver.server;

import java.io.ByteArrayOutputStream;
import org.martlet.common.http.Body;
import org.martlet.common.http.Headers;
import org.martlet.common.http.Response;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/// The forms of answers to other replicas.
final class PeerAnswers {
  private static final JsonFactory JSON = new JsonFactory();

  private PeerAnswers() {}

  static Headers binary() {
    return Headers.of("Content-Type", "application/octet-stream");
  }

  /// A binary answer whose memory is counted until it is sent.
  static Response binary(Headers headers, byte[] bytes, ListingMemory memory) {
    try (ListingMemory.Share share = memory.share()) {
      return new Response(200, headers, share.body(bytes));
    }
  }

  /// What an object of JSON holds.
  interface Fields {
    void write(JsonGenerator out);
  }

  /// An object of JSON.
  static Response json(Fields fields) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JsonGenerator out = JSON.createGenerator(ObjectWriteContext.empty(), bytes)) {
      out.writeStartObject();
      fields.write(out);
      out.writeEndObject();
    }
    return new Response(
        200,
        Headers.of("Content-Type", ListingFormat.JSON.contentType()),
        Body.of(bytes.toByteArray()));
  }
}
