package org.martlet;

import java.nio.file.Path;
import java.util.Optional;
import org.martlet.log.LogConfig;
import org.martlet.log.ProcessLog;

/// Where log lines go before a configuration says so, and for commands that have none.
public final class Logging {
  private Logging() {}

  /// Nothing below a warning, on standard error: for commands that only print an answer.
  public static ProcessLog quiet() {
    return ProcessLog.quiet();
  }

  /// For a server in the foreground, until its configuration is read.
  public static void toStandardOutput() {
    ProcessLog.start(LogConfig.DEFAULT, Optional.empty()).close();
  }

  /// For `up`, whose standard output belongs to the user.
  public static void toFile(Path file) {
    ProcessLog.start(LogConfig.DEFAULT, Optional.of(file)).close();
  }

  /// Writes what is still in the queue; to be called before the process ends.
  public static void stop() {
    ProcessLog.stop();
  }
}
