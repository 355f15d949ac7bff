package org.martlet.proxyserver.backend;

import org.martlet.common.model.ObjectHash;

/// Hears of changes that fewer devices took than should have.
///
/// - Threads: any; must not block.
@FunctionalInterface
public interface MissedCopies {
  /// A change of an object is on too few devices.
  ///
  /// @param witness a primary that has it
  /// @param policy the storage policy's index
  void missed(BackendNode witness, int policy, ObjectHash hash);
}
