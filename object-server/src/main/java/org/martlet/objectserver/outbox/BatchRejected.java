package org.martlet.objectserver.outbox;

/// The container device does not accept what is in a request: sending it again as it is is no use.
final class BatchRejected extends Exception {
  private static final long serialVersionUID = 1;

  /// Whether a status says so of a request or of one update in it.
  static boolean isMeantBy(int status) {
    return status == 400 || status == 413 || status == 422;
  }

  BatchRejected(String message) {
    super(message);
  }
}
