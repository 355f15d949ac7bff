package org.martlet.proxyserver.api;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.MappingIterator;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Reads a listing's rows from a server's JSON as they come and renders them, about
/// [#PIECE_CHARS] at a time: no listing is ever held whole.
final class ListingSource implements ProducedBody.Source {
  private static final int PIECE_CHARS = 64 << 10;
  private static final JsonMapper JSON =
      JsonMapper.builder().disable(StreamReadFeature.AUTO_CLOSE_SOURCE).build();

  private final InputStream input;
  private final MappingIterator<ObjectNode> rows;
  private final ListingRendering rendering;
  private boolean first = true;
  private boolean started;
  private boolean ended;

  /// @throws IOException if what the server sent is no listing
  ListingSource(InputStream input, ListingRendering rendering) throws IOException {
    this.input = input;
    this.rendering = rendering;
    try {
      this.rows = JSON.readerFor(ObjectNode.class).readValues(input);
    } catch (JacksonException e) {
      input.close();
      throw broken(e);
    }
  }

  @Override
  public byte[] produce() throws IOException {
    if (ended) {
      return new byte[0];
    }
    StringBuilder out = new StringBuilder(4096);
    if (!started) {
      started = true;
      rendering.start(out);
    }
    try {
      while (out.length() < PIECE_CHARS && rows.hasNextValue()) {
        rendering.row(rows.nextValue(), first, out);
        first = false;
      }
      if (out.length() < PIECE_CHARS) {
        ended = true;
        rendering.end(out);
      }
    } catch (JacksonException e) {
      throw broken(e);
    }
    return out.toString().getBytes(StandardCharsets.UTF_8);
  }

  private static IOException broken(JacksonException e) {
    return new IOException("a server's listing is not JSON or broke off", e);
  }

  @Override
  public void close() {
    try {
      try {
        rows.close();
      } finally {
        input.close();
      }
    } catch (IOException | JacksonException e) {
      throw new IllegalStateException("closing what only reads memory cannot fail", e);
    }
  }
}
