package org.martlet.containerserver.server;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import org.martlet.common.http.Bodies;
import org.martlet.common.http.Body;
import org.martlet.common.http.Refused;

/// Reads whole bodies into memory, within a budget that all requests share, and of which a device
/// that hangs can hold its own part only.
///
/// Threads: any; does not block.
final class BodyCollector {
  private final Semaphore budget;
  private final int maxBytes;

  /// @param budgetBytes of all bodies that are being read or worked on
  /// @param maxBytes of one body
  BodyCollector(int budgetBytes, int maxBytes) {
    this.budget = new Semaphore(budgetBytes);
    this.maxBytes = maxBytes;
  }

  /// What is done with a body, which holds its share of the budget until the future completes.
  interface Use<T> {
    CompletableFuture<T> with(byte[] body);
  }

  /// Reads a body and uses it.
  ///
  /// @param part of the budget that bodies of one kind may take, in bytes
  /// @return fails with an [org.martlet.common.http.HttpFault] if the body is too large or does not
  ///     come
  /// @throws Refused 413 if it says that it is too large, 503 if the budget is used up
  <T> CompletableFuture<T> collect(Body body, Semaphore part, Use<T> use) {
    if (body.length() > maxBytes) {
      throw new Refused(413, "The body is larger than " + maxBytes + " bytes");
    }
    int share = body.length() < 0 ? maxBytes : (int) body.length();
    if (!part.tryAcquire(share)) {
      throw tooMany();
    }
    if (!budget.tryAcquire(share)) {
      part.release(share);
      throw tooMany();
    }
    return Bodies.readAll(body, maxBytes)
        .thenCompose(use::with)
        .whenComplete(
            (result, failure) -> {
              budget.release(share);
              part.release(share);
            });
  }

  private static Refused tooMany() {
    return new Refused(503, "The server is busy: too many bodies in memory");
  }
}
