package org.martlet.ringbuilder.cli;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import org.martlet.common.ring.RingDevice;
import org.martlet.ringbuilder.builder.RingBuilder;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// Which devices a command is about: search values, or options instead.
final class DeviceArguments {
  @Mixin private DeviceOptions options = new DeviceOptions();

  @Parameters(
      paramLabel = "<search>",
      arity = "0..*",
      description = "Which devices: " + DeviceSearch.GRAMMAR + ", any part of it.")
  private List<String> values = new ArrayList<>();

  /// Each device once, in the order in which it was named.
  ///
  /// @throws CliException if a value is none, or a search value or the options find nothing
  List<RingDevice> find(RingBuilder builder) throws CliException {
    if (values.isEmpty() == !options.given()) {
      throw new CliException("give either search values (" + DeviceSearch.GRAMMAR + ") or options");
    }
    if (values.isEmpty()) {
      return options.search().find(builder.devices());
    }
    LinkedHashSet<RingDevice> found = new LinkedHashSet<>();
    for (String value : values) {
      found.addAll(DeviceSearch.find(builder.devices(), value));
    }
    return List.copyOf(found);
  }
}
