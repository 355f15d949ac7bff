package org.martlet.e2e;

import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/// Listings follow objects with a delay; tests state what must become true, within a bound.
final class Listings {
  private static final long PATIENCE_SECONDS = 60;

  private Listings() {}

  /// Asks for the container's names until they are as wanted.
  static void await(SwiftClient client, String container, Predicate<TreeSet<String>> wanted)
      throws IOException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    List<String> names = client.list(container);
    while (!wanted.test(new TreeSet<>(names))) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError(
            "after " + PATIENCE_SECONDS + " s the listing still has " + names.size() + " names");
      }
      pause();
      names = client.list(container);
    }
  }

  /// Asks until every one of the names was on some replica's listing, and gives all that was
  /// listed.
  ///
  /// Each object replica reports to one container replica. Where a power cut took an object from
  /// one device, that one container replica learns of it only when replicas are compared.
  static Set<String> awaitOnReplicas(SwiftClient client, String container, Set<String> wanted)
      throws IOException {
    Set<String> listed = new TreeSet<>();
    await(
        client,
        container,
        names -> {
          listed.addAll(names);
          return listed.containsAll(wanted);
        });
    return listed;
  }

  private static void pause() {
    try {
      if (new CountDownLatch(1).await(100, TimeUnit.MILLISECONDS)) {
        throw new AssertionError("a latch opened by itself");
      }
    } catch (InterruptedException e) {
      throw new AssertionError("interrupted", e);
    }
  }
}
