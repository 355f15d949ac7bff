package org.martlet.replicator.run;

/// A device did not answer, or answered what cannot be used. What was asked may have happened.
public final class ReplicaFault extends Exception {
  private static final long serialVersionUID = 1;

  /// What kind of fault it is.
  public enum Kind {
    /// Its server cannot be reached, or does not answer in time.
    UNREACHABLE,
    /// It says that it cannot now: busy (503), or the device cannot be used (507).
    UNAVAILABLE,
    /// It refuses the request, or answers what is no answer.
    PROTOCOL,
    /// This side is stopping; the device is not to blame.
    STOPPED
  }

  private final Kind kind;

  public ReplicaFault(Kind kind, String message) {
    super(message);
    this.kind = kind;
  }

  public ReplicaFault(Kind kind, String message, Throwable cause) {
    super(message, cause);
    this.kind = kind;
  }

  public Kind kind() {
    return kind;
  }

  /// Whether asking the same device something else would end the same way.
  boolean isOfDevice() {
    return kind == Kind.UNREACHABLE || kind == Kind.UNAVAILABLE;
  }
}
