package org.martlet.common.runtime;

/// Something that the code itself guarantees does not hold. The state of the process is not to be
/// trusted any more: let it pass, and let [FatalErrors] stop the process.
public final class BrokenInvariant extends Error {
  BrokenInvariant(String message) {
    super(message);
  }
}
