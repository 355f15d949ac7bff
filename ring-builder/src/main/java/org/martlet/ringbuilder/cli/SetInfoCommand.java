package org.martlet.ringbuilder.cli;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.martlet.common.ring.RingDevice;
import org.martlet.ringbuilder.file.BuilderFile;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "set_info",
    header = "Change addresses, names or meta.",
    synopsisHeading = "%nUsage: ",
    customSynopsis = {
      "martlet ring-builder <builder> set_info (<search> <change>)...",
      "       martlet ring-builder <builder> set_info <options> --change-..."
    },
    descriptionHeading = "%n",
    parameterListHeading = "%n",
    description = {
      "Change addresses, name or meta of devices; partitions stay. Write the ring afterwards.",
      "Pairs of <search> and what changes: <ip>:<port>R<ip>:<port>/<name>_<meta>, any part of it;"
          + " or options that find devices and options that change them.",
      "A host name instead of an address needs its port beside it: without one a mistyped device"
          + " name would become an address."
    })
final class SetInfoCommand extends SetCommand {
  private static final String HOST = "(?:(\\[[^\\]]*\\]|[0-9][0-9.]*|[^R:/_\\[\\]]+(?=:)))?";
  private static final Pattern CHANGE =
      Pattern.compile(
          HOST + "(?::(\\d+))?(?:R" + HOST + "(?::(\\d+))?)?(?:/([^_]+))?(?:_(.*))?",
          Pattern.DOTALL);

  @Mixin private ChangeOptions changes = new ChangeOptions();

  SetInfoCommand() {
    super("info");
  }

  /// What is to change, option by option.
  static final class ChangeOptions {
    @Option(
        names = {"-I", "--change-ip"},
        paramLabel = "<host>",
        description = "New address.")
    private @Nullable String ip;

    @Option(
        names = {"-P", "--change-port"},
        paramLabel = "<port>",
        description = "New port.")
    private @Nullable Integer port;

    @Option(
        names = {"-J", "--change-replication-ip"},
        paramLabel = "<host>",
        description = "New address for replication.")
    private @Nullable String replicationIp;

    @Option(
        names = {"-Q", "--change-replication-port"},
        paramLabel = "<port>",
        description = "New port for replication.")
    private @Nullable Integer replicationPort;

    @Option(
        names = {"-D", "--change-device"},
        paramLabel = "<name>",
        description = "New directory name.")
    private @Nullable String device;

    @Option(
        names = {"-M", "--change-meta"},
        paramLabel = "<text>",
        description = "New free text.")
    private @Nullable String meta;

    DeviceEdit edit() throws CliException {
      return new DeviceEdit()
          .ip(ip)
          .port(port)
          .replicationIp(replicationIp)
          .replicationPort(replicationPort)
          .name(device)
          .meta(meta);
    }
  }

  @Override
  DeviceEdit edit(String value) throws CliException {
    if (!changes.edit().isEmpty()) {
      throw new CliException("the --change options go with options that find devices");
    }
    Matcher change = CHANGE.matcher(value);
    if (!change.matches()) {
      throw new CliException(
          "invalid change \"" + value + "\": it should read <ip>:<port>R<ip>:<port>/<name>_<meta>");
    }
    DeviceEdit edit =
        new DeviceEdit()
            .ip(change.group(1))
            .port(port(change.group(2)))
            .replicationIp(change.group(3))
            .replicationPort(port(change.group(4)))
            .name(change.group(5))
            .meta(change.group(6));
    if (edit.isEmpty()) {
      throw new CliException("invalid change \"" + value + "\": it changes nothing");
    }
    return edit;
  }

  @Override
  DeviceEdit editByOptions(List<String> rest) throws CliException {
    DeviceEdit edit = changes.edit();
    if (edit.isEmpty() || !rest.isEmpty()) {
      throw new CliException(
          "after the options that find devices give what changes: --change-ip, --change-port,"
              + " --change-replication-ip, --change-replication-port, --change-device,"
              + " --change-meta");
    }
    return edit;
  }

  @Override
  String done(RingDevice before, RingDevice after) {
    return "Device " + before.label() + " is now " + after.label();
  }

  @Override
  void next(BuilderFile file) {
    report().next("martlet ring-builder %s write_ring", file.builderPath());
  }

  private static @Nullable Integer port(@Nullable String given) throws CliException {
    return given == null ? null : DeviceNotation.integer("port", given);
  }
}
