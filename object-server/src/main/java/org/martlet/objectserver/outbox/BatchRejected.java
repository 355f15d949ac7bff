package org.martlet.objectserver.outbox;

/// The container device does not accept what is in a request: sending it again as it is is no use.
final class BatchRejected extends Exception {
  private static final long serialVersionUID = 1;

  BatchRejected(String message) {
    super(message);
  }
}
