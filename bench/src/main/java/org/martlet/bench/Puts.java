package org.martlet.bench;

import java.util.concurrent.CompletableFuture;
import org.martlet.objectserver.store.MutationOutcome;

/// Waits for puts and sees to it that they were stored.
final class Puts {
  private Puts() {}

  static void await(CompletableFuture<MutationOutcome> put) {
    MutationOutcome outcome = put.join();
    if (!(outcome instanceof MutationOutcome.Stored)) {
      throw new IllegalStateException("not stored: " + outcome);
    }
  }
}
