package org.martlet.containerserver.listing;

/// What a listing lists.
public enum ListingKind {
  /// A container, whose rows are objects.
  CONTAINER((byte) 'c'),
  /// An account, whose rows are containers.
  ACCOUNT((byte) 'a');

  private final byte code;

  ListingKind(byte code) {
    this.code = code;
  }

  /// The service that keeps them: `container` or `account`.
  public String service() {
    return switch (this) {
      case CONTAINER -> "container";
      case ACCOUNT -> "account";
    };
  }

  /// The first byte of every key.
  byte code() {
    return code;
  }
}
