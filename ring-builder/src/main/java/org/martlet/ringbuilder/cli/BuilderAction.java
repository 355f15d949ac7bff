package org.martlet.ringbuilder.cli;

import com.google.errorprone.annotations.FormatMethod;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.martlet.common.ring.RingDevice;
import org.martlet.ringbuilder.builder.RingBuilder;
import org.martlet.ringbuilder.builder.RingBuilderException;
import org.martlet.ringbuilder.file.BuilderFile;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/// A subcommand of `ring-builder`: what all of them share.
///
/// A fault becomes one line on standard error and exit code 2; nothing is saved then.
@SuppressWarnings("NullAway.Init") // picocli fills the injected fields in before call()
abstract class BuilderAction implements Callable<Integer> {
  @ParentCommand private RingBuilderCommand parent;

  @Spec private CommandSpec spec;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help.")
  @SuppressWarnings("UnusedVariable") // picocli acts on it
  private boolean help;

  /// Does the work, under the lock of the builder file.
  ///
  /// @return the exit code
  abstract int run(BuilderFile file) throws CliException, RingBuilderException, IOException;

  @Override
  public final Integer call() {
    return Faults.reported(
        spec,
        () -> {
          Path named = parent.builder();
          Path builder = BuilderFile.builderPath(named);
          if (!builder.equals(named)) {
            print("Note: using %s instead of %s as builder file", builder, named);
          }
          try (BuilderFile file = BuilderFile.open(builder)) {
            return run(file);
          }
        });
  }

  InstantSource clock() {
    return parent.clock();
  }

  PrintWriter out() {
    return spec.commandLine().getOut();
  }

  @FormatMethod
  final void print(String format, Object... values) {
    out().println(String.format(Locale.ROOT, format, values));
  }

  final void warn(String line) {
    spec.commandLine().getErr().println("warning: " + line);
  }

  /// The devices that search values mean, or the options where there are none.
  static List<RingDevice> find(RingBuilder builder, List<String> values, DeviceOptions options)
      throws CliException {
    if (values.isEmpty() == !options.given()) {
      throw new CliException("give either search values (" + DeviceSearch.GRAMMAR + ") or options");
    }
    if (values.isEmpty()) {
      return options.search().in(builder.devices());
    }
    LinkedHashSet<RingDevice> found = new LinkedHashSet<>();
    for (String value : values) {
      found.addAll(DeviceSearch.find(builder.devices(), value));
    }
    return List.copyOf(found);
  }

  /// Asks before several devices are changed at once.
  final void confirm(List<RingDevice> devices, String what, boolean yes)
      throws CliException, IOException {
    if (devices.isEmpty()) {
      throw new CliException("no device matches; the builder file is unchanged");
    }
    if (devices.size() == 1 || yes) {
      return;
    }
    print("Matched more than one device:");
    devices.forEach(device -> print("    %s", device.label()));
    out()
        .printf(
            Locale.ROOT,
            "Are you sure you want to %s these %d devices? (y/N) ",
            what,
            devices.size());
    out().flush();
    BufferedReader in =
        new BufferedReader(new InputStreamReader(parent.answers(), Charset.defaultCharset()));
    if (!"y".equals(in.readLine())) {
      throw new CliException("aborted; the builder file is unchanged");
    }
  }
}
