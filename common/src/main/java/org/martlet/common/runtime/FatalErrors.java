package org.martlet.common.runtime;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What happens to an exception that a thread did not handle: it is logged; one that says that the
/// process is broken ([#isFatal]) stops it.
///
/// An object store that restarts loses nothing that it acknowledged; one that goes on in an unknown
/// state may.
///
/// Installed once by `main`, as the default handler of all threads. Code that catches everything,
/// e.g. to complete a future, leaves nothing to that handler: who looks at such a future at last
/// calls [#passOn].
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
    boolean fatal = isFatal(thrown);
    try {
      LOG.error(
          fatal ? "Thread {} found the process broken" : "Thread {} ended with an exception",
          thread.getName(),
          thrown);
    } finally {
      if (fatal) {
        stop.run();
      }
    }
  }

  /// Whether it says, itself or as a cause that futures wrap, that the state of the process is not
  /// to be trusted: a [BrokenInvariant], no memory, a class that is missing or broken. A stack that
  /// was too deep concerns its thread alone.
  public static boolean isFatal(Throwable thrown) {
    Throwable cause = Failures.cause(thrown);
    return switch (cause) {
      case BrokenInvariant broken -> true;
      case StackOverflowError deep -> false;
      case VirtualMachineError machine -> true;
      case LinkageError missing -> true;
      default -> false;
    };
  }

  /// Gives a fatal error that was caught on its way to the handler of this thread; others are left
  /// to the caller.
  public static void passOn(Throwable caught) {
    if (isFatal(caught)) {
      Thread thread = Thread.currentThread();
      thread.getUncaughtExceptionHandler().uncaughtException(thread, caught);
    }
  }
}
