package org.martlet.containerserver.listing;

/// Why a device cannot serve a listing now.
public final class ListingFault extends Exception {
  /// What the sender should do.
  public enum Kind {
    /// Too many changes wait; the same device may be tried again.
    BUSY,
    /// No space for changes; reads go on.
    FULL,
    /// A write or a sync takes too long; another device should be tried.
    HUNG,
    /// The database failed, is corrupt or closed; another device should be tried.
    OFFLINE
  }

  private static final long serialVersionUID = 1;

  private final Kind kind;

  public ListingFault(Kind kind, String message) {
    super(message);
    this.kind = kind;
  }

  public ListingFault(Kind kind, String message, Throwable cause) {
    super(message, cause);
    this.kind = kind;
  }

  public Kind kind() {
    return kind;
  }
}
