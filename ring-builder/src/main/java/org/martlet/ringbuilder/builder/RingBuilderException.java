package org.martlet.ringbuilder.builder;

/// What was asked of a ring builder cannot be done; the message tells the operator why. The
/// builder is unchanged.
public final class RingBuilderException extends Exception {
  private static final long serialVersionUID = 1;

  public RingBuilderException(String message) {
    super(message);
  }

  public RingBuilderException(String message, Throwable cause) {
    super(message, cause);
  }
}
