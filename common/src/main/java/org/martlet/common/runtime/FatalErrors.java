package org.martlet.common.runtime;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What happens to an exception that a thread did not handle: it is logged; one that says that the
/// process is broken ([BrokenInvariant], out of memory, a class that is missing) stops it.
///
/// An object store that restarts loses nothing that it acknowledged; one that goes on in an unknown
/// state may.
public final class FatalErrors implements Thread.UncaughtExceptionHandler {
  private static final Logger LOG = LoggerFactory.getLogger(FatalErrors.class);
  private final Runnable stop;

  /// @param stop ends the process at once, without waiting for anybody: `() ->
  ///     Runtime.getRuntime().halt(70)`
  public FatalErrors(Runnable stop) {
    this.stop = stop;
  }

  @Override
  public void uncaughtException(Thread thread, Throwable thrown) {
    try {
      LOG.error("Thread {} ended with an exception", thread.getName(), thrown);
    } finally {
      if (thrown instanceof Error) {
        stop.run();
      }
    }
  }
}
