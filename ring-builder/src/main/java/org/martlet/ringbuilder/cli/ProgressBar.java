package org.martlet.ringbuilder.cli;

import java.io.PrintWriter;

/// How far long work is, in one line that is written over: on a terminal only, on standard error.
///
/// Threads: not safe.
final class ProgressBar {
  private static final int WIDTH = 24;
  private static final String CLEAR = "\r\u001b[K";

  private final PrintWriter err;
  private final boolean visible;
  private boolean drawn;

  /// @param visible false where no person looks: then nothing is ever written
  ProgressBar(PrintWriter err, boolean visible) {
    this.err = err;
    this.visible = visible;
  }

  /// @param done of the steps, 0 to `of`
  /// @param step what begins now
  void at(int done, int of, String step) {
    if (visible) {
      int full = of == 0 ? WIDTH : WIDTH * done / of;
      err.print(
          CLEAR
              + "["
              + "#".repeat(full)
              + " ".repeat(WIDTH - full)
              + "] "
              + done
              + "/"
              + of
              + " "
              + step);
      err.flush();
      drawn = true;
    }
  }

  /// Takes the line away, before anything else is printed.
  void clear() {
    if (drawn) {
      err.print(CLEAR);
      err.flush();
      drawn = false;
    }
  }
}
