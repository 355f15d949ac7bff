package org.martlet.ringbuilder.cli;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.martlet.common.ring.RingDevice;
import org.martlet.ringbuilder.builder.RingBuilder;
import org.martlet.ringbuilder.builder.RingBuilderException;
import org.martlet.ringbuilder.file.BuilderFile;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// What the commands that change devices have in common: pairs of a search value and a new
/// value, or options that find devices and one new value.
abstract class SetCommand extends BuilderAction {
  private final String what;

  @Mixin private DeviceOptions options = new DeviceOptions();

  @Option(
      names = {"-y", "--yes"},
      description = "Do not ask when several devices match.")
  private boolean yes;

  @Parameters(
      paramLabel = "<search> <new>",
      arity = "0..*",
      description = "Which devices (" + DeviceSearch.GRAMMAR + ") and the new value.")
  private List<String> values = new ArrayList<>();

  /// @param what the new value in one word, as Swift's tool calls it
  SetCommand(String what) {
    this.what = what;
  }

  /// What a new value means.
  abstract DeviceEdit edit(String value) throws CliException;

  /// What the operator reads about a device that was changed.
  abstract String done(RingDevice before, RingDevice after);

  /// Says what comes next.
  void next(BuilderFile file) {
    nextIsRebalance(file);
  }

  /// What changes on devices that options find.
  ///
  /// @param rest the arguments that are not options
  DeviceEdit editByOptions(List<String> rest) throws CliException {
    if (rest.size() != 1) {
      throw new CliException("give one new " + what + " after the options");
    }
    return edit(rest.getFirst());
  }

  @Override
  final int run(BuilderFile file) throws CliException, RingBuilderException, IOException {
    RingBuilder builder = file.load();
    List<RingDevice> changed = new ArrayList<>();
    if (options.given()) {
      DeviceEdit edit = editByOptions(values);
      changed.addAll(change(builder, options.search().find(builder.devices()), edit));
    } else {
      if (values.isEmpty() || values.size() % 2 != 0) {
        throw new CliException("give pairs of <search> <" + what + ">, or options");
      }
      for (int i = 0; i < values.size(); i += 2) {
        DeviceEdit edit = edit(values.get(i + 1));
        List<RingDevice> found = DeviceSearch.find(builder.devices(), values.get(i));
        changed.addAll(change(builder, found, edit));
      }
    }
    saveChanged(file, builder, changed);
    next(file);
    return ExitCode.SUCCESS;
  }

  private List<RingDevice> change(RingBuilder builder, List<RingDevice> devices, DeviceEdit edit)
      throws CliException, RingBuilderException, IOException {
    confirm(devices, "update the " + what + " for", yes);
    List<RingDevice> changed = new ArrayList<>();
    for (RingDevice device : devices) {
      RingDevice after = edit.of(device);
      builder.update(after);
      print("%s", done(device, after));
      changed.add(after);
    }
    return changed;
  }
}
