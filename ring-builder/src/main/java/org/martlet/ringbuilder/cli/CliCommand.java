package org.martlet.ringbuilder.cli;

import com.google.errorprone.annotations.FormatMethod;
import java.io.IOException;
import java.util.concurrent.Callable;
import org.martlet.ringbuilder.builder.RingBuilderException;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// What all commands about rings share: help, text for people or JSON for programs.
///
/// A fault becomes one line on standard error and exit code 2.
@SuppressWarnings("NullAway.Init") // picocli fills the injected fields in before call()
abstract class CliCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(names = "--json", description = "Print JSON, for programs.")
  private boolean json;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help.")
  @SuppressWarnings("UnusedVariable") // picocli acts on it
  private boolean help;

  private Report report;

  /// Does the work and returns the exit code.
  abstract int run() throws CliException, RingBuilderException, IOException;

  @Override
  public final Integer call() {
    report = new Report(spec.commandLine(), forPrograms());
    return Faults.reported(
        spec,
        () -> {
          try {
            int code = run();
            report.finish();
            return code;
          } finally {
            report.progress().clear();
          }
        });
  }

  /// Whether JSON is wanted.
  boolean forPrograms() {
    return json;
  }

  final CommandSpec spec() {
    return spec;
  }

  /// Where results go.
  final Report report() {
    return report;
  }

  @FormatMethod
  final void print(String format, Object... values) {
    report.line(format, values);
  }
}
