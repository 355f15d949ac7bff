package org.martlet.common.http;

/// Parses header or trailer lines up to the empty line that ends them.
///
/// - Refused: folded lines, white space around a name, control characters, more or longer lines
///   than the limits allow. Bytes from 0x80 on are taken, as Swift does for metadata.
final class FieldParser {
  /// What a field takes in memory beside its bytes: two strings, two references.
  private static final int FIELD_OVERHEAD = 112;

  private final MessageLimits limits;
  private final LineBuffer line;
  private Headers fields = new Headers();
  private int bytes;

  FieldParser(MessageLimits limits, LineBuffer line) {
    this.limits = limits;
    this.line = line;
  }

  /// Takes what has come; true once the empty line did.
  boolean advance(Input input) throws BadMessage {
    while (true) {
      switch (input.takeLine(line, limits.fieldLine())) {
        case PARTIAL -> {
          if (bytes + line.length() > limits.fieldBytes()) {
            throw new BadMessage("The header fields are too large.");
          }
          return false;
        }
        case TOO_LONG -> throw new BadMessage("A header field is too long.");
        case WHOLE -> {
          bytes += line.length();
          line.checkEnd();
          if (line.length() == 0) {
            return true;
          }
          takeField();
          line.clear();
        }
      }
    }
  }

  /// Bytes of memory that the fields take so far, and the line that is being received.
  long heldBytes() {
    return bytes + (long) fields.size() * FIELD_OVERHEAD + line.capacity();
  }

  /// The fields; the parser is then ready for another message.
  Headers finish() {
    Headers parsed = fields;
    fields = new Headers();
    bytes = 0;
    line.clear();
    return parsed;
  }

  private void takeField() throws BadMessage {
    if (bytes > limits.fieldBytes()) {
      throw new BadMessage("The header fields are too large.");
    }
    if (fields.size() >= limits.fieldCount()) {
      throw new BadMessage("There are too many header fields.");
    }
    int colon = line.indexOf(':', 0);
    if (colon <= 0) {
      throw new BadMessage("A header line has no name.");
    }
    for (int i = 0; i < colon; i++) {
      if (line.at(i) == ' ' || line.at(i) == '\t') {
        throw new BadMessage("A header name holds white space, or a header line is folded.");
      }
    }
    int from = colon + 1;
    int to = line.length();
    while (from < to && isBlank(line.at(from))) {
      from++;
    }
    while (to > from && isBlank(line.at(to - 1))) {
      to--;
    }
    fields.addParsed(line.text(0, colon), line.text(from, to));
  }

  private static boolean isBlank(byte b) {
    return b == ' ' || b == '\t';
  }
}
