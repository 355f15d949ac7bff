package org.martlet.ringbuilder.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import org.martlet.common.ring.RingDevice;
import org.martlet.ringbuilder.builder.RingBuilder;
import org.martlet.ringbuilder.builder.RingBuilderException;
import org.martlet.ringbuilder.file.BuilderFile;
import picocli.CommandLine.ParentCommand;

/// A subcommand of `ring-builder` that works on a builder file, under its lock.
///
/// After a fault nothing is saved.
@SuppressWarnings("NullAway.Init") // picocli fills the injected fields in before call()
abstract class BuilderAction extends CliCommand {
  @ParentCommand private RingBuilderCommand parent;

  /// Does the work, under the lock of the builder file.
  ///
  /// @return the exit code
  abstract int run(BuilderFile file) throws CliException, RingBuilderException, IOException;

  @Override
  final int run() throws CliException, RingBuilderException, IOException {
    Path builder = parent.builderFile(report());
    report().json().put("builder", builder.toString());
    try (BuilderFile file = BuilderFile.open(builder)) {
      return run(file);
    }
  }

  @Override
  final boolean forPrograms() {
    return super.forPrograms() || parent.forPrograms();
  }

  final InstantSource clock() {
    return parent.clock();
  }

  /// Asks before several devices are changed at once.
  ///
  /// @param what in the words of Swift's tool, e.g. "update the weight for"
  /// @throws CliException if there are no devices, or the answer is not yes
  final void confirm(List<RingDevice> devices, String what, boolean yes)
      throws CliException, IOException {
    if (devices.isEmpty()) {
      throw new CliException("no device matches; the builder file is unchanged");
    }
    if (devices.size() == 1) {
      return;
    }
    print("Matched more than one device:");
    devices.forEach(device -> print("    %s", device.label()));
    if (yes) {
      return;
    }
    report().ask("Are you sure you want to %s these %d devices? (y/N) ", what, devices.size());
    String answer = parent.answer();
    if (!answer.equalsIgnoreCase("y") && !answer.equalsIgnoreCase("yes")) {
      report().ask("%n");
      throw new CliException("aborted; the builder file is unchanged");
    }
  }

  /// Saves changed devices and tells what they are now.
  final void saveChanged(BuilderFile file, RingBuilder builder, List<RingDevice> changed)
      throws IOException {
    file.save(builder);
    report().json().put("version", builder.version());
    report().json().set("devices", DeviceTable.json(builder, changed));
  }

  /// What follows a change that moves partitions.
  final void nextIsRebalance(BuilderFile file) {
    report()
        .next(
            "martlet ring-builder %s rebalance (or plan, to see first what would move)",
            file.builderPath());
  }

  /// What follows a change of the ring file.
  final void nextIsPush(BuilderFile file) {
    report().next("martlet ring push %s (or copy it to every server)", file.ringPath());
  }
}
