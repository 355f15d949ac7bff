package org.martlet.common.http;

/// What was received is not a message that is understood here; carries the status with which a
/// server refuses it.
final class BadMessage extends Exception {
  private static final long serialVersionUID = 1;

  private final int status;

  BadMessage(int status, String message) {
    super(message, null, false, false);
    this.status = status;
  }

  BadMessage(String message) {
    this(400, message);
  }

  int status() {
    return status;
  }

  /// The message, never null.
  String reason() {
    return String.valueOf(getMessage());
  }
}
