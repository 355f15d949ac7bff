package org.martlet.common.http;

/// Parses the heads of requests or answers as their bytes arrive.
final class HeadParser {
  private static final int MAX_EMPTY_LINES = 4;

  private final MessageLimits limits;
  private final LineBuffer line = new LineBuffer();
  private final FieldParser fields;
  private String startLine = "";
  private int emptyLines;

  HeadParser(MessageLimits limits) {
    this.limits = limits;
    this.fields = new FieldParser(limits, line);
  }

  /// Takes what has come; true once the head is whole: read it with [#finish].
  boolean advance(Input input) throws BadMessage {
    while (startLine.isEmpty()) {
      switch (input.takeLine(line, limits.startLine() + 2)) {
        case PARTIAL -> {
          return false;
        }
        case TOO_LONG -> throw new BadMessage(414, "The request line is too long.");
        case WHOLE -> {
          line.checkEnd();
          startLine = line.text(0, line.length());
          line.clear();
          if (startLine.isEmpty() && ++emptyLines > MAX_EMPTY_LINES) {
            throw new BadMessage("There are empty lines where a request should begin.");
          }
        }
      }
    }
    return fields.advance(input);
  }

  /// Whether a part of a head has come.
  boolean hasBegun() {
    return !startLine.isEmpty() || line.length() > 0;
  }

  /// Bytes of memory that the head takes so far.
  long heldBytes() {
    return startLine.length() + fields.heldBytes();
  }

  String startLine() {
    return startLine;
  }

  /// The header fields; the parser is then ready for the next message.
  Headers finish() {
    startLine = "";
    emptyLines = 0;
    return fields.finish();
  }
}
