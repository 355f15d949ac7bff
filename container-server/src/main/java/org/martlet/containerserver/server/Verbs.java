package org.martlet.containerserver.server;

import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.martlet.common.http.Response;
import org.martlet.containerserver.listing.ListingFault;

/// What a service does with requests that were let in; called on a device's threads.
interface Verbs {
  /// The methods that [#answer] knows.
  Set<String> methods();

  /// Answers a request; the future completes with [Response], or fails with [Refused] or
  /// [ListingFault].
  CompletableFuture<Response> answer(Call call) throws ListingFault;

  /// Takes a batch of updates for many listings of a device.
  CompletableFuture<Response> update(ListingDevice device, byte[] batch);
}
