package org.martlet.ringbuilder.cli;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.martlet.common.ring.RingDevice;
import org.martlet.ringbuilder.builder.RingBuilder;
import org.martlet.ringbuilder.builder.RingBuilderException;
import org.martlet.ringbuilder.file.BuilderFile;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

@Command(
    name = "list_parts",
    header = "List the partitions of devices.",
    synopsisHeading = "%nUsage: ",
    customSynopsis = "martlet ring-builder <builder> list_parts <search>... | <options>",
    descriptionHeading = "%n",
    parameterListHeading = "%n",
    description =
        "List the partitions on the devices that match, and how many replicas of each are on them.")
final class ListPartsCommand extends BuilderAction {
  @Mixin private DeviceArguments which = new DeviceArguments();

  @Override
  int run(BuilderFile file) throws CliException, RingBuilderException, IOException {
    RingBuilder builder = file.load();
    if (!builder.everRebalanced()) {
      throw new CliException(file.builderPath() + " was never rebalanced: rebalance it first");
    }
    List<RingDevice> devices = which.find(builder);
    Map<Integer, Integer> found =
        builder.partitionsOn(devices.stream().map(RingDevice::id).toList());
    if (found.isEmpty()) {
      throw new CliException("no partition is on a device that matches");
    }
    ObjectNode matches = new JsonMapper().createObjectNode();
    found.forEach((part, count) -> matches.put(part.toString(), count));
    report().answer(matches);
    print("Partition   Matches");
    found.entrySet().stream()
        .sorted(Map.Entry.<Integer, Integer>comparingByValue().reversed())
        .forEach(entry -> print("%9d   %7d", entry.getKey(), entry.getValue()));
    return ExitCode.SUCCESS;
  }
}
