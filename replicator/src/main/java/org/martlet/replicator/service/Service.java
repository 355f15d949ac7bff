package org.martlet.replicator.service;

import java.time.Duration;

/// Background work that is done in passes.
public interface Service {
  /// Does what there is to be done now; faults of devices are counted, not thrown.
  ///
  /// - Threads: one at a time; blocks.
  void pass();

  /// Between the beginnings of two passes.
  Duration interval();

  /// What was done; any thread.
  ServiceStatus status();
}
