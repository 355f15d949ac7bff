package org.martlet.ringbuilder.cli;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.martlet.common.ring.RingDevice;
import org.martlet.ringbuilder.builder.RingBuilder;
import org.martlet.ringbuilder.builder.RingBuilderException;
import org.martlet.ringbuilder.file.BuilderFile;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "set_info",
    header = "Change addresses, names or meta.",
    synopsisHeading = "%nUsage: ",
    customSynopsis = "martlet ring-builder <builder> set_info (<search> <change>)...",
    descriptionHeading = "%n",
    parameterListHeading = "%n",
    description = {
      "Change addresses, name or meta of devices; partitions stay. Write the ring afterwards.",
      "Pairs of <search> and what changes: <ip>:<port>R<ip>:<port>/<name>_<meta>, any part of it."
    })
final class SetInfoCommand extends BuilderAction {
  private static final String HOST = "(\\[[^\\]]*\\]|[^R:/_\\[\\]]+)?";
  private static final Pattern CHANGE =
      Pattern.compile(
          HOST + "(?::(\\d+))?(?:R" + HOST + "(?::(\\d+))?)?(?:/([^_]+))?(?:_(.*))?",
          Pattern.DOTALL);

  @Option(
      names = {"-y", "--yes"},
      description = "Do not ask when several devices match.")
  private boolean yes;

  @Parameters(
      paramLabel = "<search> <change>",
      arity = "2..*",
      description = "Which devices (" + DeviceSearch.GRAMMAR + ") and what changes.")
  private List<String> values = new ArrayList<>();

  @Override
  int run(BuilderFile file) throws CliException, RingBuilderException, IOException {
    if (values.size() % 2 != 0) {
      throw new CliException("give pairs of <search> <change>");
    }
    RingBuilder builder = file.load();
    for (int i = 0; i < values.size(); i += 2) {
      List<RingDevice> devices = DeviceSearch.find(builder.devices(), values.get(i));
      confirm(devices, "change the information of", yes);
      for (RingDevice device : devices) {
        RingDevice changed = change(device, values.get(i + 1));
        builder.update(changed);
        print("Device %s is now %s", device.label(), changed.label());
      }
    }
    file.save(builder);
    return ExitCode.SUCCESS;
  }

  private static RingDevice change(RingDevice device, String text) throws CliException {
    Matcher change = CHANGE.matcher(text);
    if (text.isEmpty() || !change.matches()) {
      throw new CliException(
          "invalid change \"" + text + "\": it should read <ip>:<port>R<ip>:<port>/<name>_<meta>");
    }
    try {
      return new RingDevice(
          device.id(),
          device.region(),
          device.zone(),
          host(change.group(1), device.ip()),
          port(change.group(2), device.port()),
          host(change.group(3), device.replicationIp()),
          port(change.group(4), device.replicationPort()),
          change.group(5) == null ? device.device() : change.group(5),
          device.weight(),
          change.group(6) == null ? device.meta() : change.group(6));
    } catch (IllegalArgumentException e) {
      throw new CliException(String.valueOf(e.getMessage()));
    }
  }

  private static String host(@Nullable String given, String old) throws CliException {
    return given == null ? old : DeviceNotation.host(given);
  }

  private static int port(@Nullable String given, int old) throws CliException {
    return given == null ? old : DeviceNotation.integer("port", given);
  }
}
