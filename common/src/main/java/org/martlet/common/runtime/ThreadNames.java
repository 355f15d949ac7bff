package org.martlet.common.runtime;

import java.util.concurrent.ThreadFactory;

/// Makes platform threads with names that tell what they do.
public final class ThreadNames {
  private ThreadNames() {}

  /// Threads `name-1`, `name-2`, …; they do not keep the process alive.
  ///
  /// @param onUncaught told what a thread dies of
  public static ThreadFactory numbered(String name, Thread.UncaughtExceptionHandler onUncaught) {
    return Thread.ofPlatform()
        .name(name + "-", 1)
        .daemon(true)
        .uncaughtExceptionHandler(onUncaught)
        .factory();
  }
}
