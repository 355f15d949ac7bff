package org.martlet.common.runtime;

import com.google.errorprone.annotations.FormatMethod;
import com.google.errorprone.annotations.FormatString;

/// Assertions that are always on. For what the code guarantees to itself; bad input and failed
/// devices have outcomes and faults of their own.
public final class Invariant {
  private Invariant() {}

  /// @param message what should hold
  /// @throws BrokenInvariant if it does not
  public static void check(boolean holds, String message) {
    if (!holds) {
      throw new BrokenInvariant(message);
    }
  }

  /// @param format as of [String#format]; used only if it does not hold
  /// @throws BrokenInvariant if it does not
  @FormatMethod
  public static void check(boolean holds, @FormatString String format, Object... arguments) {
    if (!holds) {
      throw new BrokenInvariant(String.format(format, arguments));
    }
  }
}
