package org.martlet.containerserver.server;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.martlet.common.protocol.UpdateBatch.StatUpdate;

/// Takes statistics to an account server.
@FunctionalInterface
interface StatSender {
  /// Sends one batch.
  ///
  /// @return one HTTP status an update, in order; fails if there was no such answer
  CompletableFuture<List<Integer>> send(AccountTarget target, List<StatUpdate> updates);
}
