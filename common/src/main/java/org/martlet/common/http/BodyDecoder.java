package org.martlet.common.http;

import org.jspecify.annotations.Nullable;

/// Finds the bytes of one body in what is received.
///
/// - Threads: the connection's event loop.
final class BodyDecoder {
  private static final int MAX_SIZE_LINE = 1024;
  private static final int MAX_OVERHEAD = 16 * 1024;

  /// Pieces are gathered up to this many bytes.
  private static final int GATHERED = 4096;

  private final MessageLimits limits;
  private final LineBuffer line = new LineBuffer();
  private State state;
  private long remaining;
  private long received;
  private long overhead;
  private Headers trailers = new Headers();
  private @Nullable FieldParser trailerFields;

  private enum State {
    FIXED,
    UNTIL_CLOSE,
    CHUNK_SIZE,
    CHUNK_DATA,
    CHUNK_END,
    TRAILERS,
    DONE
  }

  BodyDecoder(long framing, MessageLimits limits) {
    this.limits = limits;
    if (framing == Framing.CHUNKED) {
      state = State.CHUNK_SIZE;
    } else if (framing == Framing.UNTIL_CLOSE) {
      state = State.UNTIL_CLOSE;
      remaining = Long.MAX_VALUE;
    } else {
      state = framing == 0 ? State.DONE : State.FIXED;
      remaining = framing;
    }
  }

  boolean isDone() {
    return state == State.DONE;
  }

  /// Bytes that are certainly still to come: of the body, or of the chunk that was begun.
  long remaining() {
    return state == State.UNTIL_CLOSE ? 0 : remaining;
  }

  /// Bytes of the body that came so far.
  long received() {
    return received;
  }

  Headers trailers() {
    return trailers;
  }

  /// Bytes of memory that trailers take so far.
  long heldBytes() {
    return trailerFields == null ? 0 : trailerFields.heldBytes();
  }

  /// The next bytes, at most `max`; null if they have not come yet or the body is done. Small
  /// pieces that have come together are handed over together.
  @Nullable Chunk take(Input input, int max) throws BadMessage {
    advance(input);
    Chunk chunk = hasData() ? input.take(Math.min(max, remaining)) : null;
    if (chunk == null) {
      return null;
    }
    consumed(chunk.size());
    advance(input);
    int room = Math.min(max, GATHERED) - chunk.size();
    return room > 0 && hasData() && input.readable() > 0 ? gather(chunk, room, input) : chunk;
  }

  private Chunk gather(Chunk first, int room, Input input) throws BadMessage {
    byte[] bytes = new byte[first.size() + room];
    int length = first.size();
    first.bytes().get(bytes, 0, length);
    first.release();
    while (length < bytes.length && hasData() && input.readable() > 0) {
      int count = input.read(bytes, length, (int) Math.min(bytes.length - length, remaining));
      length += count;
      consumed(count);
      advance(input);
    }
    return Chunk.of(bytes, 0, length);
  }

  /// Reads what frames the data and tells whether the body ends here.
  boolean reachedEnd(Input input) throws BadMessage {
    advance(input);
    return isDone();
  }

  /// Throws away what has come and tells how many bytes of body that was.
  long skip(Input input) throws BadMessage {
    long skipped = 0;
    advance(input);
    while (hasData() && input.readable() > 0) {
      int count = input.skip(remaining);
      skipped += count;
      consumed(count);
      advance(input);
    }
    return skipped;
  }

  /// Reads what frames the data, so that a body is known to be done as soon as it is.
  private void advance(Input input) throws BadMessage {
    while (true) {
      switch (state) {
        case FIXED, CHUNK_DATA, DONE -> {
          return;
        }
        case UNTIL_CLOSE -> {
          if (input.hasEnded() && input.readable() == 0) {
            state = State.DONE;
          }
          return;
        }
        case CHUNK_SIZE -> {
          if (!takeLine(input)) {
            return;
          }
          takeSize();
        }
        case CHUNK_END -> {
          if (!takeLine(input)) {
            return;
          }
          if (line.length() > 0) {
            throw new BadMessage("A chunk is longer than its size.");
          }
          line.clear();
          state = State.CHUNK_SIZE;
        }
        case TRAILERS -> {
          if (!takeTrailers(input)) {
            return;
          }
        }
      }
    }
  }

  private boolean hasData() {
    return state == State.FIXED || state == State.CHUNK_DATA || state == State.UNTIL_CLOSE;
  }

  private void consumed(int count) {
    received += count;
    if (state == State.UNTIL_CLOSE) {
      return;
    }
    remaining -= count;
    if (remaining == 0) {
      state = state == State.FIXED ? State.DONE : State.CHUNK_END;
    }
  }

  private boolean takeLine(Input input) throws BadMessage {
    return switch (input.takeLine(line, MAX_SIZE_LINE)) {
      case PARTIAL -> false;
      case TOO_LONG -> throw new BadMessage("A chunk size is not followed by CRLF.");
      case WHOLE -> {
        line.checkEnd();
        yield true;
      }
    };
  }

  private boolean takeTrailers(Input input) throws BadMessage {
    if (trailerFields == null) {
      trailerFields = new FieldParser(limits, line);
    }
    if (!trailerFields.advance(input)) {
      return false;
    }
    trailers = trailerFields.finish();
    state = State.DONE;
    return true;
  }

  private void takeSize() throws BadMessage {
    int end = 0;
    long size = 0;
    while (end < line.length() && Character.digit(line.at(end), 16) >= 0) {
      if (size >> 55 != 0) {
        throw new BadMessage("A chunk size is too large.");
      }
      size = (size << 4) | Character.digit(line.at(end), 16);
      end++;
    }
    int rest = end;
    while (rest < line.length() && (line.at(rest) == ' ' || line.at(rest) == '\t')) {
      rest++;
    }
    if (end == 0 || (rest < line.length() && line.at(rest) != ';')) {
      throw new BadMessage("A chunk size is not a hexadecimal number.");
    }
    // Who sends far more framing than data only burns our time.
    overhead = Math.max(0, overhead + line.length() - 16 - 2 * Math.min(size, MAX_OVERHEAD));
    if (overhead > MAX_OVERHEAD) {
      throw new BadMessage("There is too much around the chunks.");
    }
    line.clear();
    remaining = size;
    state = size == 0 ? State.TRAILERS : State.CHUNK_DATA;
  }
}
