package org.martlet.common.runtime;

import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;

/// What futures failed with.
public final class Failures {
  private Failures() {}

  /// What is inside the exceptions that futures wrap a failure in, as often as they do.
  public static Throwable cause(Throwable failure) {
    Throwable cause = failure;
    while ((cause instanceof CompletionException || cause instanceof ExecutionException)
        && cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause;
  }
}
