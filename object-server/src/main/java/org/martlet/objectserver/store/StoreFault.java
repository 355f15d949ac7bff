package org.martlet.objectserver.store;

import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The device cannot answer. The message says what failed and where.
public class StoreFault extends IOException {
  private final transient MutationOutcome.@Nullable Refusal refusal;

  StoreFault(@Nullable String message, @Nullable Throwable cause) {
    super(message, cause);
    this.refusal = null;
  }

  StoreFault(@Nullable String message, MutationOutcome.Refusal refusal) {
    super(message);
    this.refusal = refusal;
  }

  /// Why nothing was tried, where the device's condition forbade it.
  public Optional<MutationOutcome.Refusal> refusal() {
    return Optional.ofNullable(refusal);
  }

  /// What was read is not what was stored. The object has been quarantined: the device has no
  /// copy of it any more.
  public static final class Damaged extends StoreFault {
    Damaged(@Nullable String message) {
      super(message, (Throwable) null);
    }
  }
}
