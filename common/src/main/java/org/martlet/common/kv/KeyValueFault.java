package org.martlet.common.kv;

import java.io.IOException;

/// A database failed an operation.
///
/// After a fault of a write or a flush, what was not durable before is unknown until the database
/// is opened again.
public final class KeyValueFault extends IOException {
  /// What went wrong, as far as the caller has to care.
  public enum Kind {
    /// A checksum or a structure is wrong: the data, not the device.
    CORRUPT,
    /// No space; writes fail until there is some again.
    NO_SPACE,
    /// The device failed, or something that has no name here.
    IO
  }

  private final Kind kind;

  public KeyValueFault(Kind kind, String message, Throwable cause) {
    super(message, cause);
    this.kind = kind;
  }

  public KeyValueFault(Kind kind, String message) {
    super(message);
    this.kind = kind;
  }

  public Kind kind() {
    return kind;
  }
}
