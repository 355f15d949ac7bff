package org.martlet.ringbuilder.cli;

import java.io.IOException;
import java.nio.file.FileSystemException;
import org.martlet.common.ring.RingFileException;
import org.martlet.ringbuilder.builder.RingBuilderException;
import picocli.CommandLine.Model.CommandSpec;

/// Turns the faults that an operator can do something about into one line on standard error.
final class Faults {
  private Faults() {}

  /// The body of a command.
  interface Body {
    int run() throws CliException, RingBuilderException, IOException;
  }

  /// Runs a command and returns its exit code, 2 after a fault.
  static int reported(CommandSpec spec, Body body) {
    try {
      int code = body.run();
      spec.commandLine().getOut().flush();
      return code;
    } catch (CliException | RingBuilderException | RingFileException e) {
      return report(spec, String.valueOf(e.getMessage()));
    } catch (FileSystemException e) {
      return report(spec, e.getFile() + ": " + reason(e));
    } catch (IOException e) {
      return report(spec, String.valueOf(e.getMessage()));
    }
  }

  private static String reason(FileSystemException e) {
    String reason = e.getReason();
    return reason != null ? reason : e.getClass().getSimpleName().replace("Exception", "");
  }

  private static int report(CommandSpec spec, String line) {
    spec.commandLine().getOut().flush();
    spec.commandLine().getErr().println(spec.name() + ": " + line);
    spec.commandLine().getErr().flush();
    return ExitCode.ERROR;
  }
}
